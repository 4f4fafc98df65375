import type { Fault } from '@nonlocal-med/core';
import { imageKey } from './imageKey.js';

/** Images by their keys; the same image at two places is a fault, since a table names images without their folders. */
export function findByKey(paths: readonly string[]): {
  byKey: ReadonlyMap<string, string>;
  faults: readonly Fault[];
} {
  const byKey = new Map<string, string>();
  const faults = paths.flatMap((path): Fault[] => {
    const before = byKey.get(imageKey(path));
    if (before === undefined) byKey.set(imageKey(path), path);
    return before === undefined
      ? []
      : [
          {
            where: path,
            what: `is called as ${before} is`,
            allowed: 'an image once: take one of them out of the folder',
          },
        ];
  });
  return { byKey, faults };
}
