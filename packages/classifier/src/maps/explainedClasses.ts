import { type Issue, type Task, unknownName } from '@nonlocal-med/core';

/** Predicted findings of an image that are explained unless others are wanted; the least probable ones are left out. */
export const MOST_EXPLAINED = 5;

/** What is known of an image when the classes, or findings, to explain are chosen. */
export interface ExplainableImage {
  /** The true class, or the findings that are present. */
  readonly trueClasses: readonly number[];
  /** The predicted class, or the findings that are predicted, at least the most probable one; it is the first. */
  readonly predictedClasses: readonly number[];
}

/** Indices of the classes to explain of an image, at least one, without repetition, in the requested order. */
export type ClassesOf = (image: ExplainableImage) => number[];

/** Words that can be used instead of class names. */
const WORDS = ['predicted', 'true', 'all'];

/** An issue for each name that is neither that of a class or finding nor one of the words that stand for some of them. */
export function classIssues(
  choice: readonly string[],
  {
    known,
    words = WORDS,
  }: { readonly known: readonly string[]; readonly words?: readonly string[] },
): Issue[] {
  const names = [...words, ...known];
  return choice
    .filter((word) => !names.includes(word))
    .map((name) => unknownName({ path: 'classes', kind: 'class', name, known: names }));
}

/**
 * Resolves names of classes or findings and the words `predicted`, `true` and `all` for each image. Where nothing is left,
 * such as `true` for an image without findings, the first predicted one is explained.
 */
export function readClasses(choice: readonly string[], classes: readonly string[]): ClassesOf {
  return ({ trueClasses, predictedClasses }) => {
    const indices = choice.flatMap((word) => {
      if (classes.includes(word)) return [classes.indexOf(word)];
      if (word === 'all') return [...classes.keys()];
      return word === 'true' ? trueClasses : predictedClasses;
    });
    return [...new Set(indices.length === 0 ? predictedClasses.slice(0, 1) : indices)];
  };
}

/** The probability from which a finding is called predicted. */
export const FINDING_THRESHOLD = 0.5;

/**
 * True and predicted classes of an image.
 * @param labels the true class; or 1, 0 or -1 (not known) for each finding of the task `multilabel`
 * @param probabilities of the classes or findings
 */
export function explainableImage(
  labels: ArrayLike<number>,
  probabilities: readonly number[],
  task: Task,
): ExplainableImage {
  const byProbability = [...probabilities.keys()].sort(
    (a, b) => probabilities[b] - probabilities[a] || a - b,
  );
  if (task === 'multiclass')
    return { trueClasses: [labels[0]], predictedClasses: byProbability.slice(0, 1) };
  return {
    trueClasses: [...probabilities.keys()].filter((finding) => labels[finding] === 1),
    predictedClasses: byProbability.filter(
      (finding, rank) => rank === 0 || probabilities[finding] >= FINDING_THRESHOLD,
    ),
  };
}
