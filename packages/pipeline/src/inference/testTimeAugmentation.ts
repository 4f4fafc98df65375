import { type BatchSource, InputError, type TaskPredictions } from '@nonlocal-med/core';
import { predict, type PredictOptions } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * Which views of an image are predicted and averaged. `flips`: the image and its mirror images in both directions (4).
 * `d4`: these, each also with rows and columns exchanged: all 8 symmetries of the square.
 */
export type TestTimeAugmentation = 'flips' | 'd4';

/** A symmetry: rows and columns are exchanged first, then the image is mirrored. */
export interface View {
  readonly transpose: boolean;
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
}

/** The views of a {@link TestTimeAugmentation}; the first is the image itself, the only one without augmentation. */
export function viewsOf(tta: TestTimeAugmentation | undefined): View[] {
  const both = [false, true];
  const transposes = tta === 'd4' ? both : [false];
  const flips = tta === undefined ? [false] : both;
  return transposes.flatMap((transpose) =>
    flips.flatMap((flipRows) => flips.map((flipColumns) => ({ transpose, flipRows, flipColumns }))),
  );
}

/**
 * Refuses rotations of images that are not square: they would have another size than the network takes.
 * @param size height and width of the images that the network gets
 * @throws InputError with the size
 */
export function requireViews(
  tta: TestTimeAugmentation | undefined,
  [height, width]: readonly [number, number],
  name: string,
): void {
  if (tta === 'd4' && height !== width)
    throw new InputError({
      path: '--tta',
      message: `got "d4", whose rotations by 90 degrees turn the ${height} x ${width} images (height x width) of ${name} into ${width} x ${height}, which the network does not take`,
      hint: 'flips',
    });
}

/**
 * A view of a batch of images.
 * @param images [count, height, width, 3]
 * @returns a new array of the same shape
 */
export function applyView(
  images: Float32Array,
  [count, height, width]: readonly [number, number, number, number],
  { transpose, flipRows, flipColumns }: View,
): Float32Array {
  const result = new Float32Array(images.length);
  let target = 0;
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [toRow, toColumn] = [flipRows ? height - 1 - y : y, flipColumns ? width - 1 - x : x];
        const [row, column] = transpose ? [toColumn, toRow] : [toRow, toColumn];
        const source = 3 * ((image * height + row) * width + column);
        result[target++] = images[source];
        result[target++] = images[source + 1];
        result[target++] = images[source + 2];
      }
  return result;
}

/** Predictions with test-time augmentation, and those of the images themselves. */
export interface ViewPredictions {
  /** The mean of the probabilities over the views. */
  readonly mean: TaskPredictions;
  /** Without augmentation; the same as the mean if there is none. */
  readonly single: TaskPredictions;
}

/**
 * Predicts every sample of a source in each view, batch by batch, so that images are prepared once.
 * @param model as for `predict` of `@nonlocal-med/train`
 */
export async function predictViews(
  model: LayersModel,
  source: BatchSource,
  { tta, ...options }: PredictOptions & { readonly tta?: TestTimeAugmentation },
): Promise<ViewPredictions> {
  const views = viewsOf(tta);
  if (views.length === 1) {
    const single = await predict(model, source, options);
    return { mean: single, single };
  }
  const sizes: number[] = [];
  const viewed: BatchSource = {
    task: source.task,
    classes: source.classes,
    sampleCount: source.sampleCount * views.length,
    batchesPerEpoch: source.batchesPerEpoch * views.length,
    async *epoch(index, epochOptions) {
      for await (const batch of source.epoch(index, epochOptions)) {
        sizes.push(batch.ids.length);
        for (const view of views)
          yield { ...batch, images: applyView(batch.images, batch.shape, view) };
      }
    },
  };
  const all = await predict(model, viewed, options);
  const rowsOf = (view: number): number[] => {
    let start = 0;
    return sizes.flatMap((size) => {
      const rows = Array.from({ length: size }, (_, i) => start + view * size + i);
      start += size * views.length;
      return rows;
    });
  };
  const [single, ...others] = views.map((_, view) => withRows(all, rowsOf(view)));
  const mean = single.probabilities.map(
    (value, i) =>
      others.reduce((sum, { probabilities }) => sum + probabilities[i], value) / views.length,
  );
  return { mean: { ...single, probabilities: mean }, single };
}

/** Some rows of predictions; ids may repeat, as those of views do. */
function withRows(predictions: TaskPredictions, rows: readonly number[]): TaskPredictions {
  const { ids, labels, probabilities } = predictions;
  const pick = <T extends Int32Array | Float64Array>(values: T): T => {
    const width = values.length / ids.length;
    const picked = values.slice(0, rows.length * width) as T;
    rows.forEach((row, i) =>
      picked.set(values.subarray(row * width, (row + 1) * width), i * width),
    );
    return picked;
  };
  return {
    ...predictions,
    ids: rows.map((row) => ids[row]),
    labels: pick(labels),
    probabilities: pick(probabilities),
  };
}
