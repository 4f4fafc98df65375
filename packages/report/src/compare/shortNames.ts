import { sep } from 'node:path';

/** Of each path the last parts, as few as tell it from the others. */
export function shortNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(sep).filter((part) => part !== ''));
  const ending = (path: readonly string[], count: number): string => path.slice(-count).join('/');
  return parts.map((own, i) => {
    const counts = own.map((_, k) => k + 1);
    const count =
      counts.find((k) =>
        parts.every((other, j) => j === i || ending(other, k) !== ending(own, k)),
      ) ?? own.length;
    return ending(own, count);
  });
}
