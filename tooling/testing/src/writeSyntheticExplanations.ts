import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { argmaxRows, createRandom } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import sharp, { type Sharp } from 'sharp';
import { type SyntheticModel, syntheticPredictions } from './syntheticPredictions.js';

/** Number of different images; further ones reuse their files. */
const GENERATED = 20;

/** The model, the number of explained images, and the size of their files in pixels. */
export interface SyntheticExplanations extends SyntheticModel {
  readonly model: string;
  readonly explained?: number;
  readonly size?: number;
  readonly layers?: readonly string[];
  /** Default: as written before there were methods, which means Grad-CAM. */
  readonly method?: string;
  /** Whether maps have deletion and insertion scores; default true. */
  readonly curves?: boolean;
}

/** Writes `explanations/` of a synthetic run. */
export async function writeSyntheticExplanations(
  run: string,
  {
    model,
    explained = 12,
    size = 96,
    layers = ['e4', 'fused'],
    curves = true,
    method,
    ...predictions
  }: SyntheticExplanations,
): Promise<void> {
  const { classes, ids, labels, probabilities } = syntheticPredictions(predictions);
  const predicted = argmaxRows(probabilities, classes.length);
  const folder = join(run, 'explanations');
  await mkdir(folder, { recursive: true });
  const files: ImageFiles[] = [];
  for (let i = 0; i < Math.min(explained, GENERATED); i++)
    files.push(await writeImageFiles(folder, { seed: predictions.seed ?? 0, i, size, layers }));
  const images = Array.from({ length: Math.min(explained, ids.length) }, (_, i) => {
    const { picture, mask, maps } = files[i % GENERATED];
    const scores = {
      pointing: i % 2,
      energyInside: (i % 10) / 10,
      intersectionOverUnion: 0.25,
      threshold: 0.5,
      lesionShare: 0.02,
    };
    return {
      id: ids[i],
      label: labels[i],
      predicted: predicted[i],
      probabilities: [...probabilities.subarray(i * classes.length, (i + 1) * classes.length)],
      picture,
      mask,
      maps: layers.map((layer, l) => ({
        ...(method === undefined ? {} : { method }),
        layer,
        class: predicted[i],
        map: maps[l],
        overlay: maps[l],
        scores,
        ...(curves ? { perturbation: { deletion: 0.3, insertion: 0.7 } } : {}),
      })),
    };
  });
  const maps = layers.map((layer) => ({ method, layer }));
  const index = {
    format: 1,
    model,
    weights: 'last',
    classes,
    layers,
    ...(method === undefined ? {} : { maps }),
    images,
  };
  await writeAtomic(join(folder, 'index.json'), JSON.stringify(index));
}

interface ImageFiles {
  readonly picture: string;
  readonly mask: string;
  readonly maps: readonly string[];
}

/** Writes an image with noise like a photograph's, its lesion mask, and a map per layer. */
async function writeImageFiles(
  folder: string,
  { seed, i, size, layers }: { seed: number; i: number; size: number; layers: readonly string[] },
): Promise<ImageFiles> {
  const random = createRandom(seed, 'picture', i);
  const lesion = { x: random.uniform(0.25, 0.75), y: random.uniform(0.25, 0.75) };
  const files = {
    picture: `${i}.webp`,
    mask: `${i}-mask.png`,
    maps: layers.map((layer) => `${i}-${layer}.png`),
  };
  await grey(
    size,
    (x, y) => 60 + 120 * Math.exp(-4 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)) + random.uniform(0, 40),
  )
    .webp({ quality: 80 })
    .toFile(join(folder, files.picture));
  await grey(size, (x, y) => (Math.hypot(x - lesion.x, y - lesion.y) < 0.08 ? 255 : 0))
    .png()
    .toFile(join(folder, files.mask));
  for (const map of files.maps)
    await grey(
      64,
      (x, y) =>
        255 * Math.exp(-30 * ((x - lesion.x) ** 2 + (y - lesion.y) ** 2)) * random.uniform(0.9, 1),
    )
      .png()
      .toFile(join(folder, map));
  return files;
}

function grey(size: number, value: (x: number, y: number) => number): Sharp {
  const pixels = Uint8Array.from({ length: size * size }, (_, i) =>
    Math.round(value((i % size) / size, Math.floor(i / size) / size)),
  );
  return sharp(pixels, { raw: { width: size, height: size, channels: 1 } });
}
