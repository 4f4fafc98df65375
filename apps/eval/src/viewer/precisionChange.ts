import { type Classification, type ReadFile, shownProbabilities } from '@nonlocal-med/classifier';
import { type ImageFile, loadClassifier } from '@nonlocal-med/classifier/node';
import { InputError, type Preprocessing } from '@nonlocal-med/core';
import { type InputImage, tinyLesionsImage } from '@nonlocal-med/data';
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

/** How many images are generated if none are given. */
const GENERATED = 16;

/** What the comparison takes and reports while it runs. */
export interface MeasureOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** An image that cannot be read, and why; the others are compared. */
  readonly onProblem?: (id: string, reason: string) => void;
}

/**
 * Compares two forms of a model on images.
 * @param images given by the user; none for generated images
 * @throws InputError if no image can be read, or none can be generated for the model
 */
export async function measureChange(
  { before, after }: { readonly before: ReadFile; readonly after: ReadFile },
  images: readonly InputImage[],
  { signal, onProgress, onProblem }: MeasureOptions = {},
): Promise<PrecisionChange> {
  const exact = await loadClassifier(before);
  try {
    const stored = await loadClassifier(after);
    try {
      const generated = images.length === 0;
      const given = generated ? generatedImages(exact.preprocessing) : images;
      const change = { images: 0, generated, largest: 0, mean: 0, changed: 0 };
      let [sum, count] = [0, 0];
      for (const [index, image] of given.entries()) {
        signal?.throwIfAborted();
        try {
          if ('problem' in image && image.problem !== undefined)
            throw new InputError({ path: image.id, message: image.problem });
          const source: ImageFile | DecodedPixels = image;
          const [first, second] = [await exact.classify(source), await stored.classify(source)];
          const [a, b] = [shownProbabilities(first), shownProbabilities(second)];
          for (const [label, value] of a.entries()) {
            const difference = Math.abs(value - b[label]);
            change.largest = Math.max(change.largest, difference);
            sum += difference;
            count++;
          }
          if (decided(first) !== decided(second)) change.changed++;
          change.images++;
        } catch (error) {
          if (!(error instanceof InputError) || !('id' in image)) throw error;
          onProblem?.(image.id, error.issues[0].message);
        }
        onProgress?.(index + 1, given.length);
      }
      if (count === 0)
        throw new InputError({
          path: '--measure',
          message: `none of ${given.length} images can be read`,
          hint: 'images like those that the model was trained on',
        });
      return { ...change, mean: sum / count };
    } finally {
      stored.dispose();
    }
  } finally {
    exact.dispose();
  }
}

const decided = ({ predicted, decisions }: Classification): string =>
  JSON.stringify([predicted, decisions.map(({ isPositive }) => isPositive)]);

/** Synthetic fundus images, for a model whose images are not here. */
function generatedImages({ values = '8-bit' }: Preprocessing): DecodedPixels[] {
  if (values !== '8-bit')
    throw new InputError({
      path: '--measure',
      message: 'is missing, and images with more than 8 bits are not generated',
      hint: 'images like those that the model was trained on',
    });
  return Array.from(
    { length: GENERATED },
    (_, index) => tinyLesionsImage({ size: 224, index }).pixels,
  );
}
