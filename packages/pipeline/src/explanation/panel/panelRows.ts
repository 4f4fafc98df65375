import { InputError, type Pixels, type Predictions } from '@nonlocal-med/core';
import { decodeImage, type LoaderSample, resizeArea, toRgb } from '@nonlocal-med/data';
import { argmaxRows } from '@nonlocal-med/metrics';
import { chooseImages } from '../explainedSamples.js';
import { loadMask, type MaskOf } from '../lesionMask.js';
import type { PanelRow } from './panelCells.js';

/** An image of a panel and its lesions. */
export type MaskedRow = PanelRow & { readonly mask?: Pixels };

/** Which rows, and what they look like. */
interface PanelRowsOptions {
  readonly candidates: readonly PanelCandidate[];
  /** Ids, or how many to choose. */
  readonly images: number | readonly string[];
  readonly maskOf: MaskOf;
  readonly size: readonly [height: number, width: number];
}

/**
 * The images of a panel, drawn and with their masks, from the samples that all runs were tested on.
 * @throws InputError with every id that is not among them, or when there is none.
 */
export async function panelRows(
  samples: readonly LoaderSample[],
  { candidates, images, maskOf, size }: PanelRowsOptions,
): Promise<MaskedRow[]> {
  const common = new Set(candidates.map(({ id }) => id));
  const shared = samples.filter(({ id }) => common.has(id));
  if (shared.length === 0)
    throw new InputError({
      path: 'runs',
      message: 'have no test image in common',
      hint: 'runs with one split (equal seeds, or one split.seed)',
    });
  const ids =
    typeof images === 'number'
      ? panelImages(candidates, await lesionShares(shared, candidates, maskOf), images)
      : images;
  return Promise.all(
    chooseImages(shared, ids, 0).map(async (sample) => ({
      sample,
      picture: await pictureOf(sample, size),
      mask: await loadMask(sample, maskOf),
    })),
  );
}

/** Share of lesions of the images that have some; a mask in a file is only read where the runs differ. */
async function lesionShares(
  samples: readonly LoaderSample[],
  candidates: readonly PanelCandidate[],
  maskOf: MaskOf,
): Promise<Map<string, number>> {
  const shares = new Map<string, number>();
  const differing = new Set(candidates.filter(({ rank }) => rank < 2).map(({ id }) => id));
  for (const sample of samples) {
    if (!differing.has(sample.id) && typeof maskOf(sample) === 'string') continue;
    const mask = await loadMask(sample, maskOf);
    const lesions = mask?.data.reduce((sum, value) => sum + Number(value > 0), 0) ?? 0;
    if (mask !== undefined && lesions > 0) shares.set(sample.id, lesions / mask.data.length);
  }
  return shares;
}

async function pictureOf(
  { file, pixels, id }: LoaderSample,
  size: readonly [number, number],
): Promise<Pixels> {
  const original = pixels ?? (file === undefined ? undefined : await decodeImage(file));
  if (original === undefined) throw new Error(`Sample "${id}" has neither a file nor pixels.`);
  return enlarge(toRgb(original), size);
}

/** A test image that all runs were tested on, and how much it shows. */
export interface PanelCandidate {
  readonly id: string;
  readonly label: number;
  /** 0: the runs differ and the last one is right; 1: they differ; 2: they say the same. */
  readonly rank: 0 | 1 | 2;
}

/** The test images that all runs have, in the order of the last one. @param predictions of each run, the baseline first. */
export function panelCandidates(predictions: readonly Predictions[]): PanelCandidate[] {
  const runs = predictions.map((own) => {
    const predicted = argmaxRows(own.probabilities, own.classes.length);
    return new Map(
      own.ids.map((id, index) => [id, { predicted: predicted[index], label: own.labels[index] }]),
    );
  });
  return [...runs[runs.length - 1]].flatMap(([id, { predicted, label }]): PanelCandidate[] => {
    if (!runs.every((run) => run.has(id))) return [];
    const differ = runs.some((run) => run.get(id)!.predicted !== predicted);
    return [{ id, label, rank: differ ? (predicted === label ? 0 : 1) : 2 }];
  });
}

/**
 * Ids of the images that show most, the same ones each time: those on which the runs differ, in turn one where the last run
 * is right and one where it is not; then the others. Each kind has images with lesions before others, the classes in
 * turn, small lesions first.
 * @param lesionShares share of the image that is lesion, by id; images without lesions or mask are absent.
 */
export function panelImages(
  candidates: readonly PanelCandidate[],
  lesionShares: ReadonlyMap<string, number>,
  count: number,
): string[] {
  const [right, wrong, same] = ([0, 1, 2] as const).map((rank) =>
    inTurns(
      candidates.filter((candidate) => candidate.rank === rank),
      lesionShares,
    ),
  );
  const differing =
    right.length > wrong.length
      ? right.flatMap((id, i) => [id, ...wrong.slice(i, i + 1)])
      : wrong.flatMap((id, i) => [...right.slice(i, i + 1), id]);
  return [...differing, ...same].slice(0, count);
}

function inTurns(
  candidates: readonly PanelCandidate[],
  lesionShares: ReadonlyMap<string, number>,
): string[] {
  const share = (id: string): number => lesionShares.get(id) ?? 2; // an image without lesions comes last
  const bySize = [...candidates].sort(
    (a, b) => share(a.id) - share(b.id) || (a.id < b.id ? -1 : 1),
  );
  const turns = new Map<number, number>();
  const ranked = bySize.map(({ id, label }) => {
    const turn = turns.get(label) ?? 0;
    turns.set(label, turn + 1);
    return { id, turn };
  });
  const withoutLesion = (id: string): number =>
    Number(lesionShares.size > 0 && !lesionShares.has(id));
  return ranked
    .sort(
      (a, b) =>
        withoutLesion(a.id) - withoutLesion(b.id) ||
        a.turn - b.turn ||
        share(a.id) - share(b.id) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ id }) => id);
}

/** Pixels at a size; each becomes a block where the size is a whole multiple, so that a small image stays what it is. */
export function enlarge(
  pixels: Pixels,
  [height, width]: readonly [height: number, width: number],
): Pixels {
  const [down, across] = [height / pixels.height, width / pixels.width];
  if (!Number.isInteger(down) || !Number.isInteger(across))
    return resizeArea(pixels, [height, width]);
  const { channels } = pixels;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = channels * (Math.floor(y / down) * pixels.width + Math.floor(x / across));
      data.set(pixels.data.subarray(from, from + channels), channels * (y * width + x));
    }
  }
  return { data, height, width, channels };
}
