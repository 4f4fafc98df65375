import type { BatchSource, TaskPredictions } from '@nonlocal-med/core';
import { predict, type PredictOptions } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { applyView, type TestTimeAugmentation, viewsOf } from './testTimeAugmentation.js';

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
