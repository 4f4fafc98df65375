import type { SplitName } from '@nonlocal-med/core';

/** The parts of a split, in their usual order. */
export const splitNames = ['training', 'validation', 'test'] as const satisfies SplitName[];

const SYNONYMS: Readonly<Record<string, SplitName>> = {
  train: 'training',
  training: 'training',
  trainset: 'training',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
  testset: 'test',
};

/** All names that {@link splitNameOf} knows. */
export const knownSplitNames: readonly string[] = Object.keys(SYNONYMS);

/**
 * The part of a split that a folder's name, a cell of a manifest or an option means: "train", "Val" or "TEST"; undefined
 * for any other text.
 */
export function splitNameOf(text: string): SplitName | undefined {
  const name = text.trim().toLowerCase();
  return Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined;
}
