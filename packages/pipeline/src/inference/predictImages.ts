import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { imageNotes, type UnlikeImage, withoutNormalization } from '@nonlocal-med/classifier';
import {
  argmaxRows,
  type Issue,
  logitProbabilities,
  type TaskPredictions,
  throwIssues,
} from '@nonlocal-med/core';
import { type ImageFacts, type ImageSource, prepareImages } from '@nonlocal-med/data';
import { createLogits, type Logits, MINIMUM_GRAPH_BATCHES } from '@nonlocal-med/train';
import { openUnlikeCheck } from '../unlike/unlikeImages.js';
import type { ExportedModel } from './openExportedModel.js';
import {
  applyView,
  requireViews,
  type TestTimeAugmentation,
  type View,
  viewsOf,
} from './testTimeAugmentation.js';

/** How images are loaded and predicted. */
export interface PredictOptions {
  /** Images per batch; default 8. */
  readonly batchSize?: number;
  /** Threads that prepare images; 0 uses the main thread; default: all cores but one, at most 4. */
  readonly workers?: number;
  /** Average the predictions over views of each image; default: the image itself only. */
  readonly tta?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a model predicts for an image file. */
export interface PredictedFile extends ImageSource {
  /** One probability per class of the model, which sum to 1, or per finding, each for itself. */
  readonly probabilities: readonly number[];
  /** Index of the most probable class or finding. */
  readonly predicted: number;
  /** What was found out about the image while it was decoded. */
  readonly facts: ImageFacts;
  /** How unlike the training images it is; absent if the model has no statistics of them. */
  readonly unlike?: UnlikeImage;
  /** Time of reading, decoding and preprocessing, in one thread. */
  readonly decodeMilliseconds: number;
  /** The image's share of the time that the network took for its batch, without the first call of a shape. */
  readonly networkMilliseconds: number;
  /** What a user should know about this image, one sentence each, without the name of the image. */
  readonly notes: readonly string[];
}

/** A file that is not a readable image, and why. */
export interface UnreadableFile extends ImageSource {
  readonly reason: string;
}

/**
 * Predicts image files, or frames of them, in batches, while worker threads decode the next ones. Memory does not grow with the number of
 * images, but for the results.
 * @returns one result per image, in their order; one that cannot be read stops nothing
 */
export async function predictFiles(
  model: ExportedModel,
  sources: readonly ImageSource[],
  { batchSize = 8, workers, tta, signal, onProgress }: PredictOptions = {},
): Promise<(PredictedFile | UnreadableFile)[]> {
  requireViews(tta, model.preprocessing.size, model.folder);
  const check = await openUnlikeCheck(model.folder);
  const batches = prepareImages(sources, {
    preprocessing: withoutNormalization(model.preprocessing),
    batchSize,
    workers,
    signal,
  });
  const graph = sources.length / batchSize >= MINIMUM_GRAPH_BATCHES;
  const logits = createLogits(model.logits, { graph, precision: model.precision });
  const network = timedNetwork(logits, model, viewsOf(tta));
  const results: (PredictedFile | UnreadableFile)[] = [];
  try {
    for await (const { values, images } of batches) {
      const readable = images.some((image) => 'facts' in image);
      const { probabilities, milliseconds } = readable
        ? await network(
            values,
            sources.slice(results.length, results.length + images.length).map(({ file }) => file),
          )
        : { probabilities: [], milliseconds: 0 };
      for (const [index, image] of images.entries()) {
        const source = sources[results.length];
        if ('reason' in image) {
          results.push({ ...source, reason: image.reason });
          continue;
        }
        const row = probabilities[index];
        results.push({
          ...source,
          probabilities: row,
          predicted: argmaxRows(row, row.length)[0],
          facts: image.facts,
          ...(check === null ? {} : { unlike: check(image.statistics) }),
          decodeMilliseconds: image.milliseconds,
          networkMilliseconds: milliseconds / images.length,
          notes: imageNotes(image.facts, model.preprocessing.values),
        });
      }
      onProgress?.(results.length, sources.length);
      await setImmediate(); // lets signal handlers and the threads' messages through
      signal?.throwIfAborted();
    }
  } finally {
    logits.dispose();
  }
  return results;
}

/** The network on a batch. A number of images that comes for the first time is computed once before it is timed. */
function timedNetwork(
  logits: Logits,
  { preprocessing, labels, task }: ExportedModel,
  views: readonly View[],
): (
  images: Float32Array,
  ids: readonly string[],
) => Promise<{ readonly probabilities: number[][]; readonly milliseconds: number }> {
  const [height, width] = preprocessing.size;
  const warm = new Set<number>();
  return async (images, ids) => {
    const count = ids.length;
    const shape = [count, height, width, 3] as const;
    const run = (batch: Float32Array): Promise<Float32Array> =>
      logits.of({ images: batch, shape, labels: new Int32Array(count), ids });
    if (!warm.has(count)) await run(images);
    warm.add(count);
    const rows = new Float64Array(count * labels.length);
    let milliseconds = 0;
    for (const view of views) {
      const viewed = views.length === 1 ? images : applyView(images, shape, view);
      const start = performance.now();
      const values = await run(viewed);
      milliseconds += performance.now() - start;
      logitProbabilities(values, labels.length, task).forEach(
        (p, i) => (rows[i] += p / views.length),
      );
    }
    const probabilities = ids.map((_, index) => [
      ...rows.subarray(index * labels.length, (index + 1) * labels.length),
    ]);
    return { probabilities, milliseconds };
  };
}

/**
 * Probabilities of classes or findings for image files without labels. For an example see {@link openExportedModel}.
 * @returns predictions in the order of the files, with the paths as ids and -1 as labels; probabilities are
 * [images, classes] or [images, findings] in row-major order
 * @throws InputError with every file that is missing, or else with every one that is not a readable image.
 */
export async function predictImages(
  model: ExportedModel,
  files: readonly string[],
  options: PredictOptions = {},
): Promise<TaskPredictions> {
  throwIssues((await Promise.all(files.map(fileIssues))).flat());
  const paths = files.map((file) => resolve(file));
  const results = await predictFiles(
    model,
    paths.map((file) => ({ file })),
    options,
  );
  throwIssues(
    results.flatMap((result): Issue[] =>
      'reason' in result ? [{ path: result.file, message: result.reason }] : [],
    ),
  );
  const predicted = results.filter((result) => 'facts' in result);
  const probabilities = Float64Array.from(predicted.flatMap((result) => result.probabilities));
  const ids = [...files];
  const unknown = (count: number): Int32Array => new Int32Array(count).fill(-1);
  return model.task === 'multilabel'
    ? { findings: model.labels, ids, labels: unknown(probabilities.length), probabilities }
    : { classes: model.labels, ids, labels: unknown(ids.length), probabilities };
}

async function fileIssues(file: string): Promise<Issue[]> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return [{ path: file, message: 'does not exist' }];
  return found.isFile()
    ? []
    : [{ path: file, message: 'is not a file', hint: 'paths of image files' }];
}
