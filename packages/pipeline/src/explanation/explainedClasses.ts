import { InputError, suggestName } from '@nonlocal-med/core';

/** Words that stand beside class names in a choice of classes to explain. */
const WORDS = ['predicted', 'true', 'all'] as const;

/** The classes to explain of an image: indices without repetition, in the order asked for. */
export type ClassesOf = (image: { readonly label: number; readonly predicted: number }) => number[];

/**
 * Reads a choice of classes: `predicted`, `true`, `all` and names of classes.
 * @throws InputError for a word that is none of these, with what it may have meant.
 */
export function explainedClasses(choice: readonly string[], classes: readonly string[]): ClassesOf {
  for (const word of choice) {
    if (classes.includes(word) || WORDS.includes(word as (typeof WORDS)[number])) continue;
    const near = suggestName(word, [...classes, ...WORDS]);
    throw new InputError({
      path: 'classes',
      message: `there is no class "${word}"`,
      hint: `${near === undefined ? '' : `did you mean "${near}"? `}${WORDS.join(', ')}, or any of ${classes.join(', ')}`,
    });
  }
  return ({ label, predicted }) => {
    const indices = choice.flatMap((word) => {
      if (classes.includes(word)) return [classes.indexOf(word)];
      return word === 'all'
        ? classes.map((_, index) => index)
        : [word === 'true' ? label : predicted];
    });
    return [...new Set(indices)];
  };
}
