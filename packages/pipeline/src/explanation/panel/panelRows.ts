import { InputError, type Pixels } from '@nonlocal-med/core';
import { decodeImage, type LoaderSample, toRgb } from '@nonlocal-med/data';
import { chooseImages } from '../chooseImages.js';
import { loadMask } from '../loadMask.js';
import type { MaskOf } from '../maskFinder.js';
import { enlarge } from './enlarge.js';
import type { PanelRow } from './panelColumn.js';
import { type PanelCandidate, panelImages } from './panelImages.js';

/** An image of a panel and its lesions. */
export type MaskedRow = PanelRow & { readonly mask?: Pixels };

/** Which rows, and what they look like. */
export interface PanelRowsOptions {
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
