import {
  argmaxRows,
  InputError,
  type Pixels,
  type PixelValues,
  type TaskPredictions,
} from '@nonlocal-med/core';
import { type LoaderSample, resizeArea, toRgb } from '@nonlocal-med/data';
import { chooseImages } from '../explainedSamples.js';
import { loadOriginal } from '../imageFrame.js';
import { lesionShare, loadMask, type MaskOf } from '../lesionMask.js';

/** One image of a panel. */
export interface PanelRow {
  readonly sample: LoaderSample;
  /** The image without preprocessing, at the size at which it is shown. */
  readonly image: Pixels;
  readonly mask?: Pixels;
}

/** Which images a panel shows, and at which size. */
export interface PanelRowsOptions {
  readonly candidates: readonly PanelCandidate[];
  /** Ids, or the number of images to choose. */
  readonly images: number | readonly string[];
  readonly maskOf: MaskOf;
  readonly size: readonly [height: number, width: number];
  /** Scale of the values in the image files. */
  readonly values?: PixelValues;
}

/**
 * Loads the images of a panel and their masks, from samples on which all runs were tested.
 * @throws InputError with every unknown id, or if the runs have no test image in common.
 */
export async function panelRows(
  samples: readonly LoaderSample[],
  { candidates, images, maskOf, size, values }: PanelRowsOptions,
): Promise<PanelRow[]> {
  const common = new Set(candidates.map(({ id }) => id));
  const shared = samples.filter(({ id }) => common.has(id));
  if (shared.length === 0)
    throw new InputError({
      path: 'runs',
      message: 'have no test image in common',
      hint: 'runs with the same split (equal seeds, or one split.seed)',
    });
  const ids =
    typeof images === 'number'
      ? panelImages(candidates, await lesionShares(shared, candidates, maskOf), images)
      : images;
  return Promise.all(
    chooseImages(shared, ids, 0).map(async (sample) => ({
      sample,
      image: await loadImage(sample, { size, values }),
      mask: await loadMask(sample, maskOf),
    })),
  );
}

/** A test image that all runs have in common, and how interesting it is. */
export interface PanelCandidate {
  readonly id: string;
  readonly label: number;
  /** 0: the runs disagree and the last one is correct; 1: they disagree; 2: they agree. */
  readonly rank: 0 | 1 | 2;
}

/**
 * The test images that all runs have in common, in the order of the last run. An image with several findings is decided
 * correctly if each of them that is known is, from a probability of 0.5 on; it counts as one of its first finding.
 * @param predictions of each run, the baseline first
 */
export function panelCandidates(predictions: readonly TaskPredictions[]): PanelCandidate[] {
  const runs = predictions.map(
    (run) => new Map(decisions(run).map(({ id, ...decision }) => [id, decision])),
  );
  return [...runs[runs.length - 1]].flatMap(([id, { decision, label, isCorrect }]) => {
    if (!runs.every((run) => run.has(id))) return [];
    const disagree = runs.some((run) => run.get(id)!.decision !== decision);
    return [{ id, label, rank: disagree ? (isCorrect ? 0 : 1) : 2 } satisfies PanelCandidate];
  });
}

interface ImageDecision {
  readonly id: string;
  readonly label: number;
  /** Equal for equal decisions. */
  readonly decision: string;
  readonly isCorrect: boolean;
}

function decisions(predictions: TaskPredictions): ImageDecision[] {
  const { ids, labels, probabilities } = predictions;
  if ('classes' in predictions) {
    const predicted = argmaxRows(probabilities, predictions.classes.length);
    return ids.map((id, i) => ({
      id,
      label: labels[i],
      decision: String(predicted[i]),
      isCorrect: predicted[i] === labels[i],
    }));
  }
  const width = predictions.findings.length;
  return ids.map((id, i) => {
    const truth = labels.subarray(i * width, (i + 1) * width);
    const called = Array.from(truth, (_, f) => (probabilities[i * width + f] >= 0.5 ? 1 : 0));
    return {
      id,
      label: truth.indexOf(1),
      decision: called.join(),
      isCorrect: truth.every((label, f) => label < 0 || label === called[f]),
    };
  });
}

/**
 * Chooses the ids of the most informative images, always the same ones. First come images on which the runs disagree,
 * alternating between those on which the last run is correct and wrong, then the others. Within each kind, images with
 * lesions come first, the classes alternate, and small lesions precede large ones.
 * @param shares fraction of the image that is lesion, by id; images without lesions or without a mask are absent
 */
export function panelImages(
  candidates: readonly PanelCandidate[],
  shares: ReadonlyMap<string, number>,
  count: number,
): string[] {
  const [correct, wrong, agreeing] = ([0, 1, 2] as const).map((rank) =>
    alternateClasses(
      candidates.filter((candidate) => candidate.rank === rank),
      shares,
    ),
  );
  const disagreeing =
    correct.length > wrong.length
      ? correct.flatMap((id, i) => [id, ...wrong.slice(i, i + 1)])
      : wrong.flatMap((id, i) => [...correct.slice(i, i + 1), id]);
  return [...disagreeing, ...agreeing].slice(0, count);
}

/** Ids with images with lesions first, then by turn of their class, then by the size of their lesions. */
function alternateClasses(
  candidates: readonly PanelCandidate[],
  shares: ReadonlyMap<string, number>,
): string[] {
  const shareOf = (id: string): number => shares.get(id) ?? 2; // no lesion: after all others
  const byShare = (a: { id: string }, b: { id: string }): number =>
    shareOf(a.id) - shareOf(b.id) || (a.id < b.id ? -1 : 1);
  const turns = new Map<number, number>();
  const ranked = [...candidates].sort(byShare).map(({ id, label }) => {
    const turn = turns.get(label) ?? 0;
    turns.set(label, turn + 1);
    return { id, turn };
  });
  const lacksLesion = (id: string): number => Number(shares.size > 0 && !shares.has(id));
  return ranked
    .sort((a, b) => lacksLesion(a.id) - lacksLesion(b.id) || a.turn - b.turn || byShare(a, b))
    .map(({ id }) => id);
}

/** Fraction of lesion of the images that have lesions. Mask files are read only for images on which the runs disagree. */
async function lesionShares(
  samples: readonly LoaderSample[],
  candidates: readonly PanelCandidate[],
  maskOf: MaskOf,
): Promise<Map<string, number>> {
  const shares = new Map<string, number>();
  const disagreeing = new Set(candidates.filter(({ rank }) => rank < 2).map(({ id }) => id));
  for (const sample of samples) {
    if (!disagreeing.has(sample.id) && typeof maskOf(sample) === 'string') continue;
    const mask = await loadMask(sample, maskOf);
    const share = mask === undefined ? 0 : lesionShare(mask);
    if (share > 0) shares.set(sample.id, share);
  }
  return shares;
}

async function loadImage(
  sample: LoaderSample,
  { size, values }: Pick<PanelRowsOptions, 'size' | 'values'>,
): Promise<Pixels> {
  return enlarge(toRgb(await loadOriginal(sample, values)), size);
}

/** Resizes an image. If the new size is a multiple of the old one, pixels become blocks, so that nothing is blurred. */
export function enlarge(
  pixels: Pixels,
  [height, width]: readonly [height: number, width: number],
): Pixels {
  const [down, across] = [height / pixels.height, width / pixels.width];
  if (!Number.isInteger(down) || !Number.isInteger(across))
    return resizeArea(pixels, [height, width]);
  const { channels } = pixels;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = channels * (Math.floor(y / down) * pixels.width + Math.floor(x / across));
      data.set(pixels.data.subarray(from, from + channels), channels * (y * width + x));
    }
  return { data, height, width, channels };
}
