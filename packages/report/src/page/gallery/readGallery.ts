import { join } from 'node:path';
import { type SaliencyMap, saliencyMapTitle } from '@nonlocal-med/core';
import {
  type Explanations,
  type MapScores,
  type PerturbationScores,
  readExplanations,
  type WeightsChoice,
} from '@nonlocal-med/runs';
import type { PageModel, PageRun } from '../pageModel.js';

/** The explained images of one repeat. */
export interface Gallery {
  /** Models with explanations; the predictions of an image are in this order. */
  readonly models: readonly {
    readonly model: PageModel;
    readonly weights: WeightsChoice;
    /** Present if the run explained a sample by itself. */
    readonly sample?: Explanations['index']['sample'];
  }[];
  /** From 0. */
  readonly repeat: number;
  readonly classes: readonly string[];
  /** Kinds of maps, such as `LayerCAM at e2`: those of the last model first, its default first of all. */
  readonly layers: readonly string[];
  readonly images: readonly GalleryImage[];
}

/** An image with one prediction per model of the gallery; null for a model that has not explained the image. */
export interface GalleryImage {
  readonly id: string;
  /** Index of the true class; -1 where the image has findings. */
  readonly label: number;
  /** 1 present, 0 absent, -1 not known, for each finding. */
  readonly findings?: readonly number[];
  readonly imageFile: string;
  readonly maskFile?: string;
  readonly predictions: readonly (ExplainedPrediction | null)[];
}

/** The prediction of one model, and its saliency maps. */
export interface ExplainedPrediction {
  readonly predicted: number;
  readonly probabilities: readonly number[];
  readonly maps: readonly GalleryMap[];
}

/** A saliency map. */
export interface GalleryMap {
  /** Method and layer, one of the gallery's `layers`. */
  readonly layer: string;
  readonly class: number;
  /** Grayscale PNG or WebP. */
  readonly file: string;
  readonly scores?: MapScores;
  readonly perturbation?: PerturbationScores;
}

/**
 * Reads the explained images of the repeat that most models have explained; of several such repeats, the first.
 * @returns null if no run has explanations.
 * @throws InputError that lists the issues of an index.
 */
export async function readGallery(models: readonly PageModel[]): Promise<Gallery | null> {
  const explained: ExplainedRun[] = [];
  for (const model of models) {
    for (const run of model.runs) {
      const explanations = await readExplanations(run.path);
      if (explanations !== null && explanations.index.images.length > 0)
        explained.push({ ...explanations, model, run });
    }
  }
  if (explained.length === 0) return null;
  const repeat = mostExplainedRepeat(explained);
  const runs = explained.filter(({ run }) => run.repeat === repeat);
  return {
    models: runs.map(({ model, index: { weights, sample } }) => ({ model, weights, sample })),
    repeat,
    classes: runs[0].index.classes,
    layers: [
      ...new Set(runs.toReversed().flatMap(({ index }) => mapsOf(index).map(saliencyMapTitle))),
    ],
    images: joinImages(runs),
  };
}

/** Methods and layers of an index; folders written before there were methods have Grad-CAM at each layer. */
function mapsOf({ maps, layers }: Explanations['index']): readonly SaliencyMap[] {
  return maps ?? layers.map((layer) => ({ method: 'gradcam', layer }));
}

interface ExplainedRun extends Explanations {
  readonly model: PageModel;
  readonly run: PageRun;
}

function mostExplainedRepeat(explained: readonly ExplainedRun[]): number {
  const counts = new Map<number, number>();
  for (const { run } of explained) counts.set(run.repeat, (counts.get(run.repeat) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return Math.min(...[...counts].filter(([, count]) => count === most).map(([repeat]) => repeat));
}

/** Images by id with the predictions of all runs; image and mask are those of the first run that has them. */
function joinImages(runs: readonly ExplainedRun[]): GalleryImage[] {
  const ids = new Set(runs.flatMap(({ index }) => index.images.map(({ id }) => id)));
  const byRun = runs.map(({ index }) => new Map(index.images.map((image) => [image.id, image])));
  return [...ids].map((id) => {
    const first = byRun.findIndex((images) => images.has(id));
    const { label, findings, picture, mask } = byRun[first].get(id)!;
    const { folder } = runs[first];
    return {
      id,
      label,
      ...(findings === undefined ? {} : { findings }),
      imageFile: join(folder, picture),
      maskFile: mask === undefined ? undefined : join(folder, mask),
      predictions: runs.map((run, r) => explainedPrediction(run, byRun[r].get(id))),
    };
  });
}

function explainedPrediction(
  { folder }: ExplainedRun,
  image: ExplainedRun['index']['images'][number] | undefined,
): ExplainedPrediction | null {
  if (image === undefined) return null;
  const { predicted, probabilities, maps } = image;
  return {
    predicted,
    probabilities,
    maps: maps.map(({ map, method = 'gradcam', layer, ...rest }) => ({
      ...rest,
      layer: saliencyMapTitle({ method, layer }),
      file: join(folder, map),
    })),
  };
}
