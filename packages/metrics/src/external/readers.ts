import type { Predictions } from '@nonlocal-med/core';

/** The decisions of one human reader, or of one system without probabilities. */
export interface Reader {
  readonly name: string;
  /**
   * The class that the reader chose for each image, [count]; or 1 present, 0 absent for each finding, [count, findings].
   * -1 where there is no decision.
   */
  readonly decisions: Int32Array;
}

/** The decisions of several readers as one. */
export interface MajorityVote {
  /** What most readers chose, in the form of a {@link Reader}; -1 where nobody decided. */
  readonly decisions: Int32Array;
  /** Images, or findings of images, on which several choices had the most votes. */
  readonly ties: number;
}

/**
 * The class that most readers chose for each image. Of classes with equally many votes, it is the one that the first
 * reader in the list who chose one of them chose.
 * @param readers decisions on the same images
 * @param classes number of classes; 2 for findings, which are absent or present
 */
export function majorityVote(readers: readonly Reader[], classes: number): MajorityVote {
  let ties = 0;
  const decisions = Int32Array.from(readers[0].decisions, (_, i) => {
    const votes = new Int32Array(classes);
    for (const reader of readers) if (reader.decisions[i] >= 0) votes[reader.decisions[i]]++;
    const most = Math.max(...votes);
    if (most === 0) return -1;
    if (votes.filter((count) => count === most).length > 1) ties++;
    const first = readers.find(
      (reader) => reader.decisions[i] >= 0 && votes[reader.decisions[i]] === most,
    )!;
    return first.decisions[i];
  });
  return { decisions, ties };
}

/** Sensitivity and specificity of decisions for one class against the rest: a point in the plot of ROC curves. */
export interface ReaderPoint {
  readonly name: string;
  /** Null without an image of the class. */
  readonly sensitivity: number | null;
  /** Null without another image. */
  readonly specificity: number | null;
  /** Images with a decision, of this class and of the others. */
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The operating point of a reader for one class. Images that the reader did not decide on, and those whose true class is
 * not known, are left out.
 */
export function readerPoint(
  { name, decisions }: Reader,
  { labels }: Pick<Predictions, 'labels'>,
  classIndex: number,
): ReaderPoint {
  let [truePositives, positives, trueNegatives, negatives] = [0, 0, 0, 0];
  labels.forEach((label, i) => {
    if (label < 0 || decisions[i] < 0) return;
    const called = decisions[i] === classIndex;
    if (label === classIndex) {
      positives++;
      if (called) truePositives++;
    } else {
      negatives++;
      if (!called) trueNegatives++;
    }
  });
  return {
    name,
    sensitivity: positives === 0 ? null : truePositives / positives,
    specificity: negatives === 0 ? null : trueNegatives / negatives,
    positives,
    negatives,
  };
}
