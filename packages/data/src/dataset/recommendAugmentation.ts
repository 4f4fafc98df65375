import { dirname } from 'node:path';
import type { Dataset, Pixels, Sample } from '@nonlocal-med/core';
import type { AugmentationPreset } from '../image/augmentationPresets.js';
import { decodeImage } from '../image/decodeImage.js';
import type { ImageFacts } from './checkImage.js';
import type { DatasetKind } from './dataOptionsSchema.js';

/** An augmentation preset that suits a data set, and why: a clause such as "its images are in color". */
export interface RecommendedAugmentation {
  readonly preset: AugmentationPreset;
  readonly reason: string;
}

/** What {@link recommendAugmentation} looks at. */
export interface AugmentedDataset extends Pick<Dataset, 'name' | 'task' | 'classes'> {
  readonly kind: DatasetKind | 'tiny-lesions';
  readonly samples: readonly (Sample & { readonly facts?: Pick<ImageFacts, 'color'> })[];
}

/**
 * Chooses the augmentation preset for a data set: by the public data set that it is, by names of the data set, its
 * classes and folders, or by whether its images are grayscale.
 */
export async function recommendAugmentation(
  dataset: AugmentedDataset,
): Promise<RecommendedAugmentation> {
  return byKind[dataset.kind] ?? byName(dataset) ?? (await byColor(dataset));
}

const fundus: RecommendedAugmentation = {
  preset: 'fundus',
  reason: 'the data set is recognized as fundus photographs',
};

const chestXrays: RecommendedAugmentation = {
  preset: 'xray',
  reason: 'the data set is recognized as chest X-rays',
};

const byKind: Partial<Record<AugmentedDataset['kind'], RecommendedAugmentation>> = {
  'tiny-lesions': { preset: 'fundus', reason: 'the synthetic images look like fundus photographs' },
  messidor: fundus,
  messidor2: fundus,
  eyepacs: fundus,
  aptos: fundus,
  'covid19-radiography': chestXrays,
  chestxray14: chestXrays,
  chexpert: chestXrays,
};

/** Names of data whose images have an upright. Short words count only alone, as in "COVID-CT" or "ct_scans". */
const UPRIGHT =
  /x[-_ ]?ray|radiogra|chest|cxr|chexpert|mammogra|pneumonia|pneumothorax|pleural|effusion|cardiomegaly|atelectasis|covid|tubercul|lung|(?<![a-z])(ct|oct|mri)(?![a-z])|(?<![a-z])ct[-_ ]?scan/i;
const FUNDUS = /fundus|retin[ao]|messidor|eyepacs|aptos|idrid|glaucoma|diabetic|macula|drusen/i;

function byName({
  name,
  task,
  classes,
  samples,
}: AugmentedDataset): RecommendedAugmentation | undefined {
  const folders = [...new Set(samples.map(({ id }) => dirname(id)))].filter((id) => id !== '.');
  const candidates = [
    ...[name].map((text) => ({ text, source: 'the name of the data set' })),
    ...classes.map((text) => ({
      text,
      source: task === 'multilabel' ? 'the name of a finding' : 'the name of a class',
    })),
    ...folders.map((text) => ({ text, source: 'the name of a folder' })),
  ];
  for (const { text, source } of candidates) {
    const [upright, ofEyes] = [UPRIGHT.exec(text), FUNDUS.exec(text)];
    if (upright !== null && (ofEyes === null || /oct/i.test(upright[0])))
      return { preset: 'xray', reason: `${source}, "${text}", suggests X-rays, CT or the like` };
    if (upright === null && ofEyes !== null)
      return { preset: 'fundus', reason: `${source}, "${text}", suggests fundus photographs` };
  }
  return undefined;
}

/** This many images, spread over the data set, are looked at. */
const LOOKED_AT = 16;

async function byColor({ samples }: AugmentedDataset): Promise<RecommendedAugmentation> {
  const step = Math.max(1, samples.length / LOOKED_AT);
  const spread = Array.from(
    { length: Math.min(LOOKED_AT, samples.length) },
    (_, i) => samples[Math.floor(i * step)],
  );
  let gray = 0;
  for (const sample of spread) if (await isGray(sample)) gray++;
  if (gray === spread.length)
    return { preset: 'xray', reason: 'its images are grayscale, as X-rays and CT are' };
  if (gray > 0)
    return { preset: 'light', reason: 'some of its images are grayscale, some in color' };
  return {
    preset: 'fundus',
    reason: 'its images are in color, and nothing suggests that they are not of the fundus',
  };
}

async function isGray({
  facts,
  pixels,
  file,
}: AugmentedDataset['samples'][number]): Promise<boolean> {
  if (facts?.color === 'grey') return true;
  const image = pixels ?? (file === undefined ? undefined : await decodeImage(file));
  return image !== undefined && looksGray(image);
}

/** Whether at most 1 % of the pixels (colored arrows or letters) have clearly different channels. */
function looksGray({ data, channels }: Pixels): boolean {
  if (channels === 1) return true;
  let colored = 0;
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 16) colored++;
  }
  return colored <= 0.01 * (data.length / 3);
}
