import { createRandom, type Random } from '@nonlocal-med/core';

/** Columns of numbers, one value per image each. */
export type FactColumns = readonly Float64Array[];

/** What a forest learns from and predicts. */
export interface ForestTask {
  /** Values cut into bins, [columns][images]. */
  readonly bins: readonly Uint8Array[];
  /** Class of each image, [images]. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Indices of the images to learn from. */
  readonly train: readonly number[];
  /** Indices of the images to predict. */
  readonly test: readonly number[];
  /** Name of the random stream. */
  readonly stream: string;
}

const TREES = 10;
const DEPTH = 3;
/** Images that a leaf has at least. */
const LEAF = 5;
const BINS = 32;

/**
 * Cuts each column into at most 32 bins: half of the limits are quantiles of the values, half of them quantiles of the
 * different values, so that rare sizes beside a common one are told apart.
 */
export function cutIntoBins(columns: FactColumns): Uint8Array[] {
  return columns.map((values) => {
    const sorted = values.slice().sort();
    const different = Float64Array.from(new Set(sorted));
    const quantiles = (of: Float64Array): number[] =>
      Array.from(
        { length: BINS / 2 - 1 },
        (_, i) => of[Math.floor(((i + 1) * of.length * 2) / BINS)],
      );
    const limits =
      different.length <= BINS
        ? [...different.subarray(1)]
        : [...new Set([...quantiles(sorted), ...quantiles(different)])].sort((a, b) => a - b);
    return Uint8Array.from(values, (value) => {
      let [low, high] = [0, limits.length]; // the number of limits that are at most this value
      while (low < high) {
        const middle = (low + high) >> 1;
        if (limits[middle] <= value) low = middle + 1;
        else high = middle;
      }
      return low;
    });
  });
}

/**
 * Class probabilities by ten decision trees of depth 3, each grown on a resample of the images with classes of equal
 * weight. Small on purpose: what such a model finds is obvious in the facts.
 * @returns [test, classes] in row-major order
 */
export function forestProbabilities(task: ForestTask): Float64Array {
  const { train, test, labels, classes, stream } = task;
  const counts = new Float64Array(classes);
  for (const index of train) counts[labels[index]]++;
  const weights = counts.map((count) => (count === 0 ? 0 : train.length / (classes * count)));
  const result = new Float64Array(test.length * classes);
  for (let tree = 0; tree < TREES; tree++) {
    const images = resample(train, createRandom(0, 'shortcuts', stream, tree));
    const root = grow(task, images, { weights, depth: DEPTH });
    test.forEach((index, row) => {
      let node = root;
      while ('column' in node)
        node = task.bins[node.column][index] < node.limit ? node.low : node.high;
      for (let k = 0; k < classes; k++) result[row * classes + k] += node.probabilities[k] / TREES;
    });
  }
  return result;
}

const resample = (images: readonly number[], random: Random): number[] =>
  Array.from(images, () => images[random.integer(images.length)]);

type Node =
  | { readonly column: number; readonly limit: number; readonly low: Node; readonly high: Node }
  | { readonly probabilities: Float64Array };

interface Growth {
  /** Of each class. */
  readonly weights: Float64Array;
  readonly depth: number;
}

function grow(task: ForestTask, images: readonly number[], { weights, depth }: Growth): Node {
  const best = depth === 0 ? undefined : bestSplit(task, images, weights);
  if (best === undefined) {
    // One more image, spread over the classes: no leaf is certain.
    const probabilities = new Float64Array(task.classes).fill(1 / task.classes);
    for (const index of images) probabilities[task.labels[index]] += weights[task.labels[index]];
    const total = probabilities.reduce((sum, value) => sum + value, 0);
    return { probabilities: probabilities.map((value) => value / total) };
  }
  const { column, limit } = best;
  const isLow = (index: number): boolean => task.bins[column][index] < limit;
  const next = { weights, depth: depth - 1 };
  return {
    column,
    limit,
    low: grow(task, images.filter(isLow), next),
    high: grow(
      task,
      images.filter((index) => !isLow(index)),
      next,
    ),
  };
}

/** The split with the smallest Gini impurity; undefined if none lowers it. */
function bestSplit(
  { bins, labels, classes }: ForestTask,
  images: readonly number[],
  weights: Float64Array,
): { readonly column: number; readonly limit: number } | undefined {
  const width = classes + 1; // the number of images, then the weight of each class
  let best: { column: number; limit: number } | undefined;
  let bestPurity = 0;
  bins.forEach((column, c) => {
    const table = new Float64Array((BINS + 1) * width);
    const all = new Float64Array(width);
    for (const index of images) {
      const label = labels[index];
      const at = column[index] * width;
      table[at]++;
      table[at + 1 + label] += weights[label];
      all[0]++;
      all[1 + label] += weights[label];
    }
    if (c === 0) bestPurity = purity(all) + 1e-9;
    const low = new Float64Array(width);
    for (let limit = 1; limit <= BINS; limit++) {
      for (let j = 0; j < width; j++) low[j] += table[(limit - 1) * width + j];
      if (low[0] < LEAF || all[0] - low[0] < LEAF) continue;
      const sum = purity(low) + purity(all.map((value, j) => value - low[j]));
      if (sum > bestPurity) [bestPurity, best] = [sum, { column: c, limit }];
    }
  });
  return best;
}

/** Weight of a node times one minus its Gini impurity. */
function purity(counts: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (let j = 1; j < counts.length; j++) {
    sum += counts[j];
    squares += counts[j] * counts[j];
  }
  return sum === 0 ? 0 : squares / sum;
}
