import { basename, join } from 'node:path';
import { type Batch, InputError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { DataOptions, LoaderSample } from '@nonlocal-med/data';
import { explanationLayers } from '@nonlocal-med/models';
import {
  type ExplainedImage,
  explanationFiles,
  type ExplanationIndex,
  runFiles,
} from '@nonlocal-med/runs';
import * as tf from '@tensorflow/tfjs-core';
import { createRunLoader } from '../data/runData.js';
import {
  openTrainedRun,
  type OpenTrainedRunOptions,
  type TrainedRun,
} from '../run/openTrainedRun.js';
import type { ProgressListener } from '../run/progressListener.js';
import { chooseImages, explainedSamples, type ImageChoice } from './explainedSamples.js';
import { checkExplanation, explainedClasses } from './explanationRequest.js';
import { loadMask, maskFinder } from './lesionMask.js';
import { mapBatch, toPixels } from './mapImages.js';
import { replaceFolder } from './replaceFolder.js';
import { type LayerSummary, summarizeExplanations } from './summarizeExplanations.js';
import { type ExplanationExtras, writeExplanation } from './writeExplanation.js';

/** What to explain of a run, and how. */
export interface ExplainRunOptions
  extends OpenTrainedRunOptions, ExplanationExtras, ProgressListener {
  /** Default: those of `explanationLayers`: the map that is classified, `e4` and `nam`. */
  readonly layers?: readonly string[];
  /** `predicted` (default), `true`, `all`, and names of classes. */
  readonly classes?: readonly string[];
  /** Default: 40, in proportion to the classes. */
  readonly images?: ImageChoice;
  /** Images of another data set; default: the run's test side. */
  readonly data?: DataOptions;
  /** Folder of lesion masks, where the data set names none. */
  readonly masks?: string;
  /** Default: `explanations` in the run's folder; `explanations-NAME` for another data set. */
  readonly out?: string;
}

/** What was explained. */
export interface RunExplanation {
  readonly folder: string;
  readonly index: ExplanationIndex;
  /** Scores of each layer, over the explained images. */
  readonly summary: readonly LayerSummary[];
}

/**
 * Explains images with a trained run: Grad-CAM at each layer, overlays, scores against lesion masks where there are any,
 * deletion and insertion curves, NAM's attention of a pixel. Writes a folder that `index.json` describes (the contract
 * `ExplanationIndex` of core) and that takes the place of the one before only when it is whole.
 * @throws InputError with all that is wrong with layers, classes and images.
 */
export async function explainRun(options: ExplainRunOptions): Promise<RunExplanation> {
  const { signal, images = 40, data, classes: choice = ['predicted'] } = options;
  const trained = await openTrainedRun(options);
  try {
    const { model, classes, config, run } = trained;
    const layers = options.layers ?? explanationLayers(model);
    checkExplanation(trained, { ...options, layers });
    const classesOf = explainedClasses(choice, classes);
    const samples = chooseImages(await explainedSamples(trained, options), images, config.seed);
    if (samples.length === 0)
      throw new InputError({
        path: run.path,
        message: 'there is no image to explain',
        hint: 'a run with a test side, or images of another data set',
      });
    const folder =
      options.out ??
      join(
        run.path,
        data === undefined
          ? runFiles.explanations
          : `${runFiles.explanations}-${basename(data.path)}`,
      );
    return await replaceFolder(folder, explanationFiles.index, async (place) => {
      const explained = await explainAll(trained, samples, {
        ...options,
        layers,
        classesOf,
        folder: place,
      });
      signal?.throwIfAborted();
      const index: ExplanationIndex = {
        format: 1,
        model: config.model.name,
        weights: trained.weights,
        classes,
        layers,
        images: explained,
      };
      const summary = summarizeExplanations(explained, layers, {
        seed: config.seed,
        groups: groupsOf(samples),
      });
      await writeAtomic(
        join(place, explanationFiles.summary),
        `${JSON.stringify(summary, null, 2)}\n`,
      );
      await writeAtomic(join(place, explanationFiles.index), `${JSON.stringify(index)}\n`);
      return { folder, index, summary };
    });
  } finally {
    trained.model.dispose();
  }
}

type ExplainAllOptions = ExplainRunOptions & {
  layers: readonly string[];
  classesOf: ReturnType<typeof explainedClasses>;
  folder: string;
};

async function explainAll(
  { model, config, classes }: TrainedRun,
  samples: readonly LoaderSample[],
  options: ExplainAllOptions,
): Promise<ExplainedImage[]> {
  const { signal, onImages, layers, classesOf, folder, masks, curves, attentionAt, tolerance } =
    options;
  const maskOf = await maskFinder(masks);
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  const explained: ExplainedImage[] = [];
  const explainBatch = async (
    { images, shape, labels }: Batch,
    tensor: tf.Tensor4D,
  ): Promise<void> => {
    const [count, height, width] = shape;
    const found = mapBatch(model, tensor, { layers, labels, classesOf });
    for (let index = 0; index < count; index++) {
      signal?.throwIfAborted();
      const sample = samples[explained.length];
      const own = images.subarray(index * height * width * 3, (index + 1) * height * width * 3);
      const alone = tf.tensor4d(own, [1, height, width, 3]);
      try {
        const image = {
          sample,
          found: found[index],
          pixels: toPixels(own, config.preprocessing),
          tensor: alone,
          mask: await loadMask(sample, maskOf),
        };
        explained.push(
          await writeExplanation(model, image, {
            folder,
            name: folderName(explained.length, sample.id),
            curves,
            attentionAt,
            tolerance,
            signal,
          }),
        );
      } finally {
        alone.dispose();
      }
      onImages?.('explaining', explained.length, samples.length);
    }
  };
  try {
    for await (const batch of loader.epoch(0)) {
      const tensor = tf.tensor4d(batch.images, [...batch.shape]);
      try {
        await explainBatch(batch, tensor);
      } finally {
        tensor.dispose();
      }
    }
  } finally {
    await loader.close();
  }
  return explained;
}

/** A folder's name that sorts like the images and says which one it is. */
function folderName(index: number, id: string): string {
  return `${String(index + 1).padStart(4, '0')}-${id.replaceAll(/[^\w-]+/g, '-').slice(-60)}`;
}

function groupsOf(samples: readonly LoaderSample[]): Map<string, string> | undefined {
  return samples.every(({ group }) => group !== undefined)
    ? new Map(samples.map(({ id, group }) => [id, group!]))
    : undefined;
}
