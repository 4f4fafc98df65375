import type { Issue } from '@nonlocal-med/core';
import { imageKey } from './imageKey.js';

/** Images by their keys; the same image at two places is an issue, since a table names images without their folders. */
export function findByKey(paths: readonly string[]): {
  byKey: ReadonlyMap<string, string>;
  issues: readonly Issue[];
} {
  const byKey = new Map<string, string>();
  const issues = paths.flatMap((path): Issue[] => {
    const before = byKey.get(imageKey(path));
    if (before === undefined) byKey.set(imageKey(path), path);
    return before === undefined
      ? []
      : [
          {
            path: path,
            message: `is called as ${before} is`,
            hint: 'an image once: take one of them out of the folder',
          },
        ];
  });
  return { byKey, issues };
}
