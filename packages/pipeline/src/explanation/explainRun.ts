import { basename, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { DataOptions, LoaderSample } from '@nonlocal-med/data';
import {
  type ExplainedImage,
  explanationFiles,
  type ExplanationIndex,
  runFiles,
} from '@nonlocal-med/runs';
import { createRunLoader } from '../data/runData.js';
import {
  openTrainedRun,
  type OpenTrainedRunOptions,
  type TrainedRun,
} from '../run/openTrainedRun.js';
import type { ProgressListener } from '../run/progressListener.js';
import { chooseImages, explainedSamples } from './explainedSamples.js';
import { replaceExplanations } from './explanationFolder.js';
import {
  type ExplanationOptions,
  type ExplanationRequest,
  parseExplanationRequest,
} from './explanationRequest.js';
import { maskInInput } from './imageFrame.js';
import { loadMask, openMasks } from './lesionMask.js';
import { mapImages } from './mapImages.js';
import { type MapSummary, summarizeExplanations } from './summarizeExplanations.js';
import { writeExplanation } from './writeExplanation.js';

/** What to explain of a run, and how. */
export interface ExplainRunOptions
  extends OpenTrainedRunOptions, ExplanationOptions, ProgressListener {
  /** Images of another data set; default: the test set of the run. */
  readonly data?: DataOptions;
  /** Folder of lesion masks, for data sets without masks. */
  readonly masks?: string;
  /** Default: `explanations` in the run's folder, or `explanations-NAME` for another data set. */
  readonly out?: string;
  readonly signal?: AbortSignal;
}

/** Result of {@link explainRun}. */
export interface RunExplanation {
  readonly folder: string;
  readonly index: ExplanationIndex;
  /** Scores of each map over the explained images. */
  readonly summary: readonly MapSummary[];
}

/**
 * Explains images with a trained run: saliency maps by several methods and at several layers, overlays, scores against lesion masks if there are any,
 * deletion and insertion curves, and the non-local attention of a pixel. Writes a folder that `index.json` describes
 * (`ExplanationIndex` of `@nonlocal-med/runs`); it replaces an earlier one only when it is complete.
 * @throws InputError with every issue of layers, classes, numbers and images, or if the run or its images cannot be used.
 * @example
 * ```ts no-run
 * import { explainRun } from '@nonlocal-med/pipeline';
 *
 * const { folder, summary } = await explainRun({
 *   folder: 'runs/first',
 *   methods: ['gradcam', 'layercam'],
 *   layers: ['e2', 'e4'],
 *   classes: ['predicted', 'true'],
 *   images: 10,
 * });
 * console.log(folder); // runs/first/explanations
 * for (const { method, layer, energyInside } of summary)
 *   console.log(method, layer, energyInside?.mean);
 * ```
 */
export async function explainRun(options: ExplainRunOptions): Promise<RunExplanation> {
  const trained = await openTrainedRun(options);
  const { run, config, model, classes } = trained;
  try {
    const request = parseExplanationRequest(options, {
      model,
      name: config.model.name,
      classes,
      size: config.preprocessing.size,
    });
    const available = await explainedSamples(trained, options);
    const samples = chooseImages(available, request.images, config.seed);
    if (samples.length === 0)
      throw new InputError({
        path: run.path,
        message: 'there are no images to explain',
        hint: 'a run with a test set, or images of another data set',
      });
    return await writeExplanations(trained, samples, { ...options, request });
  } finally {
    model.dispose();
  }
}

/** What of a trained run its explanations need. */
type ExplainableRun = Pick<TrainedRun, 'run' | 'config' | 'task' | 'classes' | 'model' | 'weights'>;

/** What to explain of images that are chosen already. */
interface WriteExplanationsOptions extends Omit<
  ExplainRunOptions,
  keyof OpenTrainedRunOptions | keyof ExplanationOptions
> {
  readonly request: ExplanationRequest;
  /** Present where a run explains a sample by itself: it stops after this time. */
  readonly budget?: { readonly seconds: number; readonly available: number };
}

/**
 * Explains samples in their order with a model that is open already, and writes the folder of explanations.
 * @param options.budget stops early; the index records how many images were left out
 */
export async function writeExplanations(
  trained: ExplainableRun,
  samples: readonly LoaderSample[],
  options: WriteExplanationsOptions,
): Promise<RunExplanation> {
  const { config, task, classes, weights } = trained;
  const { request, signal, budget } = options;
  const folder = options.out ?? defaultFolder(trained, options.data);
  return replaceExplanations(folder, async (temporary) => {
    const images = await explainSamples(trained, samples, { ...options, folder: temporary });
    signal?.throwIfAborted();
    const index: ExplanationIndex = {
      format: 1,
      model: config.model.name,
      weights,
      ...(task === 'multilabel' ? { task } : {}),
      classes,
      layers: [...new Set(request.maps.map(({ layer }) => layer))],
      maps: request.maps,
      ...(budget === undefined
        ? {}
        : { sample: { ...budget, requested: samples.length, explained: images.length } }),
      images,
    };
    const summary = summarizeExplanations(images, request.maps, {
      seed: config.seed,
      groups: groupsOf(samples),
    });
    await writeAtomic(
      join(temporary, explanationFiles.summary),
      `${JSON.stringify(summary, null, 2)}\n`,
    );
    await writeAtomic(join(temporary, explanationFiles.index), `${JSON.stringify(index)}\n`);
    return { folder, index, summary };
  });
}

/** Explains samples in order, as many as there is time for, and writes the files of each of them. */
async function explainSamples(
  { model, config, task, classes }: ExplainableRun,
  samples: readonly LoaderSample[],
  {
    request,
    masks,
    folder,
    signal,
    budget,
    onImages,
  }: WriteExplanationsOptions & { readonly folder: string },
): Promise<ExplainedImage[]> {
  const deadline = performance.now() + 1000 * (budget?.seconds ?? Infinity);
  const maskOf = await openMasks(masks);
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  const explained: ExplainedImage[] = [];
  try {
    const images = mapImages(model, loader.epoch(0), {
      ...request,
      task,
      preprocessing: config.preprocessing,
      signal,
    });
    for await (const image of images) {
      const sample = samples[explained.length];
      const original = await loadMask(sample, maskOf);
      const mask =
        original === undefined
          ? undefined
          : await maskInInput(original, sample, config.preprocessing);
      const name = folderName(explained.length, sample.id);
      explained.push(
        await writeExplanation(
          model,
          { ...image, sample, mask },
          { ...request, task, classes, folder, name, signal },
        ),
      );
      onImages?.('explaining', explained.length, samples.length);
      if (performance.now() >= deadline) break;
    }
  } finally {
    await loader.close();
  }
  return explained;
}

function defaultFolder({ run }: ExplainableRun, data: DataOptions | undefined): string {
  const suffix = data === undefined ? '' : `-${basename(data.path)}`;
  return join(run.path, `${runFiles.explanations}${suffix}`);
}

/** Name of an image's folder: sorted like the images, and recognizable. */
function folderName(index: number, id: string): string {
  return `${String(index + 1).padStart(4, '0')}-${id.replaceAll(/[^\w-]+/g, '-').slice(-60)}`;
}

/** The group of each image, by id, if all images have one. */
function groupsOf(samples: readonly LoaderSample[]): Map<string, string> | undefined {
  return samples.every(({ group }) => group !== undefined)
    ? new Map(samples.map(({ id, group }) => [id, group!]))
    : undefined;
}
