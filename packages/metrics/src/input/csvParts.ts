import { InputError } from '@nonlocal-med/core';

/** @throws InputError when a class or finding has no name: a column could then not be read back */
export function checkNames(kind: 'class' | 'finding', names: readonly string[]): void {
  if (!names.includes('')) return;
  throw new InputError({
    path: kind === 'class' ? 'classes' : 'findings',
    message: `a ${kind} has no name`,
    hint: `name every ${kind}: an empty field means that the truth is not known`,
  });
}

/** NaN for anything that is not a number, also for an empty field, which `Number` takes for 0. */
export function readNumber(text: string): number {
  return /^\s*$/.test(text) ? NaN : Number(text);
}
