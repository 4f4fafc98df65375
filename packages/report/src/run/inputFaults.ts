import type { Fault } from '@nonlocal-med/core';
import type { z } from 'zod';

/** Every issue of a failed parse as a fault that names the file, the path in it and the value found there. */
export function inputFaults({ issues }: z.ZodError, file: string, input: unknown): Fault[] {
  return issues.map(({ path, message }) => {
    const value = path.reduce<unknown>(
      (inner, key) =>
        typeof inner === 'object' && inner !== null
          ? (inner as Record<PropertyKey, unknown>)[key]
          : undefined,
      input,
    );
    const place = path.length === 0 ? file : `${file}: ${path.map(String).join('.')}`;
    return {
      where: place,
      what: value === undefined ? 'missing' : `got ${JSON.stringify(value)?.slice(0, 80)}`,
      allowed: message,
    };
  });
}
