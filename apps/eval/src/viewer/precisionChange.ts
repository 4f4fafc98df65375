import type { ReadFile } from '@nonlocal-med/classifier';
import { type ImageFile, loadClassifier } from '@nonlocal-med/classifier/node';
import { createRandom, InputError } from '@nonlocal-med/core';
import type { DecodedPixels } from '@nonlocal-med/data/image';

/** How the results of a model change when its weights are stored with 16 bits. */
export interface PrecisionChange {
  /** Images that were compared. */
  readonly images: number;
  /** Whether they were generated, not given. */
  readonly generated: boolean;
  /** Largest and mean difference of a shown probability. */
  readonly largest: number;
  readonly mean: number;
  /** Images whose prediction or decision changed. */
  readonly changed: number;
}

const GENERATED = 16;

/**
 * Compares two forms of a model on images.
 * @param images files; none for generated images
 * @throws InputError if an image cannot be read
 */
export async function measureChange(
  before: ReadFile,
  after: ReadFile,
  images: readonly ImageFile[],
): Promise<PrecisionChange> {
  const exact = await loadClassifier(before);
  try {
    const stored = await loadClassifier(after);
    try {
      const { values } = exact.preprocessing;
      const isEightBit = values === undefined || values === '8-bit';
      const given = images.length > 0 ? images : generatedImages(isEightBit);
      const differences: number[] = [];
      let changed = 0;
      for (const image of given) {
        const [first, second] = [await exact.classify(image), await stored.classify(image)];
        const [a, b] = [first, second].map(
          ({ shown, ...probabilities }) => probabilities[shown] as readonly number[],
        );
        differences.push(...a.map((value, index) => Math.abs(value - b[index])));
        const decided = [first, second].map(({ predicted, decisions }) =>
          JSON.stringify([predicted, decisions.map(({ isPositive }) => isPositive)]),
        );
        if (decided[0] !== decided[1]) changed++;
      }
      return {
        images: given.length,
        generated: images.length === 0,
        largest: Math.max(...differences),
        mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
        changed,
      };
    } finally {
      stored.dispose();
    }
  } finally {
    exact.dispose();
  }
}

/** Blobs of random color and size with noise, for a model whose images are not here. */
function generatedImages(isEightBit: boolean): DecodedPixels[] {
  if (!isEightBit)
    throw new InputError({
      path: '--measure',
      message: 'is missing, and images with more than 8 bits are not generated',
      hint: 'images like those that the model was trained on',
    });
  const [height, width] = [192, 224];
  return Array.from({ length: GENERATED }, (_, index) => {
    const random = createRandom(index, 'precision');
    const color = [0, 0, 0].map(() => random.integer(200));
    const [x0, y0, radius] = [
      random.integer(width),
      random.integer(height),
      20 + random.integer(90),
    ];
    const data = Uint8Array.from({ length: height * width * 3 }, (__, i) => {
      const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      const inside = (x - x0) ** 2 + (y - y0) ** 2 < radius ** 2;
      return (inside ? 255 - color[i % 3] : color[i % 3]) * 0.85 + random.integer(30);
    });
    return { data, height, width, channels: 3 };
  });
}
