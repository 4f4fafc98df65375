import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { argmaxRows, createRandom } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import sharp, { type Sharp } from 'sharp';
import { type SyntheticModel, syntheticPredictions } from './syntheticPredictions.js';

/** Images drawn; further ones use their files again. */
const DRAWN = 20;

/** Of which model, how many images, and how large their files are. */
export interface SyntheticExplanations extends SyntheticModel {
  readonly model: string;
  readonly explained?: number;
  readonly size?: number;
  readonly layers?: readonly string[];
  /** Whether maps have deletion and insertion; default true. */
  readonly curves?: boolean;
}

/** Writes `explanations/` of a made-up run. */
export async function writeSyntheticExplanations(
  run: string,
  {
    model,
    explained = 12,
    size = 96,
    layers = ['e4', 'fused'],
    curves = true,
    ...drawn
  }: SyntheticExplanations,
): Promise<void> {
  const { classes, ids, labels, probabilities } = syntheticPredictions(drawn);
  const predicted = argmaxRows(probabilities, classes.length);
  const folder = join(run, 'explanations');
  await mkdir(folder, { recursive: true });
  const files: DrawnFiles[] = [];
  for (let i = 0; i < Math.min(explained, DRAWN); i++)
    files.push(await drawFiles(folder, { seed: drawn.seed ?? 0, i, size, layers }));
  const images = Array.from({ length: Math.min(explained, ids.length) }, (_, i) => {
    const { picture, mask, maps } = files[i % DRAWN];
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
        layer,
        class: predicted[i],
        map: maps[l],
        overlay: maps[l],
        scores,
        ...(curves ? { perturbation: { deletion: 0.3, insertion: 0.7 } } : {}),
      })),
    };
  });
  const index = { format: 1, model, weights: 'last', classes, layers, images };
  await writeAtomic(join(folder, 'index.json'), JSON.stringify(index));
}

interface DrawnFiles {
  readonly picture: string;
  readonly mask: string;
  readonly maps: readonly string[];
}

/** A picture with noise like a photograph's, its mask, and a map at each layer. */
async function drawFiles(
  folder: string,
  { seed, i, size, layers }: { seed: number; i: number; size: number; layers: readonly string[] },
): Promise<DrawnFiles> {
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
