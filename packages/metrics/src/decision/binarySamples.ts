import {
  type FindingPredictions,
  InputError,
  type Predictions,
  throwIssues,
  unknownName,
} from '@nonlocal-med/core';
import { checkFindingPredictions } from '../findings/findingSamples.js';
import { alignPredictions } from '../input/alignPredictions.js';
import { checkBinary, checkLength } from '../input/checkArguments.js';
import { checkPredictions } from '../input/checkPredictions.js';

/** One class against the rest, or one finding: what a yes-or-no decision is made from. */
export interface BinarySamples {
  /** Sample ids, [count]. */
  readonly ids: readonly string[];
  /** 1 for the class or finding, 0 for the rest, [count]. */
  readonly labels: Int32Array;
  /** Larger means more likely positive: its probability, [count]. */
  readonly scores: Float64Array;
  /** Group of each sample (its patient), [count]. Absent if samples are independent. */
  readonly groups?: readonly string[];
}

/**
 * One class against the rest, several classes together against the others, or one finding against its absence. Samples
 * without a known label are left out.
 * @param positive name of the class or finding, or names of classes, whose probabilities are then added
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError when predictions cannot be used or a name is unknown
 */
export function binarySamples(
  predictions: Predictions | FindingPredictions,
  positive: string | readonly string[],
): BinarySamples {
  const ofFindings = 'findings' in predictions;
  if (ofFindings) checkFindingPredictions(predictions);
  else checkPredictions(predictions);
  const names = ofFindings ? predictions.findings : predictions.classes;
  const wanted = typeof positive === 'string' ? [positive] : positive;
  const columns = wanted.map((name) => names.indexOf(name));
  if (columns.includes(-1))
    throw new InputError(
      unknownName({
        path: 'positive',
        kind: ofFindings ? 'finding' : 'class',
        name: wanted[columns.indexOf(-1)],
        known: names,
      }),
    );
  if (columns.length === 0 || (ofFindings && columns.length > 1))
    throw new RangeError(
      `Got ${columns.length} names; expected ${ofFindings ? 'one finding' : 'one or more classes'}.`,
    );
  const { ids, labels, probabilities, groups } = predictions;
  const labelOf = (row: number): number => {
    if (ofFindings) return labels[row * names.length + columns[0]];
    return labels[row] < 0 ? -1 : columns.includes(labels[row]) ? 1 : 0;
  };
  const rows = [...ids.keys()].filter((row) => labelOf(row) >= 0);
  return {
    ids: rows.map((row) => ids[row]),
    labels: Int32Array.from(rows, labelOf),
    scores: Float64Array.from(rows, (row) =>
      positiveScore(probabilities.subarray(row * names.length, (row + 1) * names.length), columns),
    ),
    ...(groups === undefined ? {} : { groups: rows.map((row) => groups[row]) }),
  };
}

/**
 * The score of a decision: the sum of the probabilities of the positive classes. Added in the order of the columns, so that
 * an image gets the same score wherever it is computed.
 * @param row one probability per class or finding
 * @param columns indices of the positive classes, or of the finding
 */
export function positiveScore(row: ArrayLike<number>, columns: readonly number[]): number {
  const sum = [...columns].sort((a, b) => a - b).reduce((total, c) => total + row[c], 0);
  return Math.min(sum, 1);
}

/**
 * Checks samples before a decision is made or judged on them.
 * @throws RangeError when lengths differ
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 */
export function checkBinarySamples({ ids, labels, scores, groups }: BinarySamples): void {
  checkLength('ids', ids.length, labels.length);
  if (groups !== undefined) checkLength('groups', groups.length, labels.length);
  checkBinary(labels, scores);
}

/**
 * Refuses labels that are all equal: nothing can be fitted to them.
 * @param purpose what needs both classes, e.g. `a threshold`
 * @throws InputError when there are no positives or no negatives
 */
export function requireBothClasses(labels: ArrayLike<number>, purpose: string): void {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  if (positives > 0 && positives < labels.length) return;
  throwIssues([
    {
      path: 'labels',
      message:
        labels.length === 0
          ? 'there are no samples'
          : `all ${labels.length} samples are ${positives > 0 ? 'positive' : 'negative'}`,
      hint: `${purpose} needs positive and negative samples; use a larger validation set`,
    },
  ]);
}

/**
 * Brings the samples of a second model into the order of the first, matched by id.
 * @returns scores of the second model, [count]
 * @throws InputError when images or true labels differ
 */
export function alignedScores(first: BinarySamples, second: BinarySamples): Float64Array {
  const [, aligned] = alignPredictions([first, second].map(asTwoColumns));
  return aligned.probabilities.filter((_, i) => i % 2 === 1);
}

function asTwoColumns({ ids, labels, scores }: BinarySamples): Predictions {
  return {
    classes: ['rest', 'positive'],
    ids,
    labels,
    probabilities: Float64Array.from({ length: 2 * ids.length }, (_, i) => scores[i >> 1]),
  };
}
