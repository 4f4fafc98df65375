import { sep } from 'node:path';

/**
 * Shortens paths to as many of their last parts as distinguish each from the others.
 * @example
 * ```ts
 * import { shortNames } from '@nonlocal-med/report';
 *
 * console.log(shortNames(['runs/base/0', 'runs/method/0', 'runs/other']).join(' ')); // base/0 method/0 other
 * ```
 */
export function shortNames(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split(sep).filter((part) => part !== ''));
  const ending = (parts: readonly string[], count: number): string => parts.slice(-count).join('/');
  return split.map((parts, i) => {
    const isUnique = (count: number): boolean =>
      split.every((other, j) => j === i || ending(other, count) !== ending(parts, count));
    const counts = parts.map((_, k) => k + 1);
    return ending(parts, counts.find(isUnique) ?? parts.length);
  });
}
