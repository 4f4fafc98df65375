import { join } from 'node:path';
import { type Issue, type SaliencyMethod, saliencyMethods, throwIssues } from '@nonlocal-med/core';
import { z } from 'zod';
import { readCheckedFile } from '../readCheckedFile.js';
import { runFiles } from '../run/runFiles.js';
import { count, type Immutable, relativePath, weightsChoice } from '../schemaParts.js';

/** Names of files inside a folder of explanations. */
export const explanationFiles = {
  /** What there is: see {@link ExplanationIndex}. Written last. */
  index: 'index.json',
  /** Scores of each method and layer over all explained images. */
  summary: 'summary.json',
} as const;

const file = relativePath('the folder of explanations');

const method = z.enum(Object.keys(saliencyMethods) as SaliencyMethod[]);

const map = z.object({
  /** Absent in older folders: Grad-CAM. */
  method: method.optional(),
  layer: z.string(),
  /** Index of the explained class. */
  class: count,
  /** 8-bit gray PNG, 255 at the map's maximum, at most 64 x 64 pixels: for a page that blends it itself. */
  map: file,
  /** PNG of the image under the map, with class, probability and scale of the colors; small images are enlarged. */
  overlay: file,
  /** Present where the image has a lesion mask that is not empty; see `localizationScores` of `@nonlocal-med/explain`. */
  scores: z
    .object({
      pointing: z.number(),
      energyInside: z.number().nullable(),
      intersectionOverUnion: z.number(),
      threshold: z.number(),
      lesionShare: z.number(),
    })
    .optional(),
  /** Area under the probability of the explained class while pixels are removed or inserted in the map's order. */
  perturbation: z.object({ deletion: z.number(), insertion: z.number() }).optional(),
});

const attention = z.object({
  layer: z.string(),
  /** The pixel, from the left and the top of the image at the model's size. */
  x: count,
  y: count,
  /** 8-bit gray PNG of the attention weights, 255 at the largest, at most 64 x 64 pixels. */
  map: file,
  /** PNG of the image under the weights, of the model's size, with the pixel marked. */
  overlay: file,
});

const image = z.object({
  id: z.string(),
  /** Index of the true class; -1 where the image has findings. */
  label: z.int().min(-1),
  /** Task `multilabel`: 1 present, 0 absent, -1 not known, for each finding. */
  findings: z.array(z.int().min(-1).max(1)).optional(),
  /** Index of the predicted class, or of the most probable finding. */
  predicted: count,
  probabilities: z.array(z.number()),
  /** WebP of the image as the network sees it (resized, contrast-enhanced), at most 224 pixels on its longer side. */
  picture: file,
  /** 8-bit gray PNG of the lesion mask at the image's size, where there is one. */
  mask: file.optional(),
  maps: z.array(map),
  /** Attention of one pixel: a row of a non-local attention layer's matrix. */
  attention: attention.optional(),
});

const fields = z.object({
  format: z.literal(1),
  model: z.string(),
  weights: weightsChoice,
  /** Absent: `multiclass`. */
  task: z.enum(['multiclass', 'multilabel']).optional(),
  /** The classes, or the findings of the task `multilabel`. */
  classes: z.array(z.string()).min(1),
  layers: z.array(z.string()),
  /** Methods and layers of the maps, the default first. Absent in older folders: Grad-CAM at each of the layers. */
  maps: z.array(z.object({ method, layer: z.string() })).optional(),
  /** Present where the run explained a sample of its test images by itself, within a time budget. */
  sample: z
    .object({
      seconds: z.number(),
      /** Images of the test set. */
      available: count,
      /** Images that were to be explained. */
      requested: count,
      explained: count,
    })
    .optional(),
  images: z.array(image),
});

/** `explanations/index.json`; class indices must exist in its list of classes. */
export const explanationIndexSchema = fields.check(
  ({ value: { task, classes, images }, issues }) => {
    const exists = (index: number): boolean => index < classes.length;
    const hasTruth = ({ label, findings }: (typeof images)[number]): boolean =>
      task === 'multilabel' ? findings?.length === classes.length : label >= 0 && exists(label);
    images.forEach((entry, i) => {
      const valid =
        hasTruth(entry) &&
        exists(entry.predicted) &&
        entry.maps.every((one) => exists(one.class)) &&
        entry.probabilities.length === classes.length;
      if (!valid)
        issues.push({
          code: 'custom',
          path: ['images', i],
          message: `class indices below ${classes.length} and one probability per class`,
          input: entry.id,
        });
    });
  },
);

/**
 * Content of `explanations/index.json` in a run folder; files are relative to that folder, with forward slashes. Written by
 * `eval explain`, read by the report.
 */
export type ExplanationIndex = Immutable<z.output<typeof fields>>;

/** One explained image. */
export type ExplainedImage = ExplanationIndex['images'][number];

/** One saliency map of one image. */
export type ExplainedMap = ExplainedImage['maps'][number];

/** The attention weights of one pixel of an image. */
export type ExplainedAttention = NonNullable<ExplainedImage['attention']>;

/** How well a map finds an image's lesions. */
export type MapScores = NonNullable<ExplainedMap['scores']>;

/** Deletion and insertion scores of a map. */
export type PerturbationScores = NonNullable<ExplainedMap['perturbation']>;

/** A run's explained images and the folder of their files. */
export interface Explanations {
  readonly folder: string;
  readonly index: ExplanationIndex;
}

/**
 * The explanations in a run folder, or null where it has none.
 * @throws InputError with every issue of their index.
 */
export async function readExplanations(run: string): Promise<Explanations | null> {
  const folder = join(run, runFiles.explanations);
  const issues: Issue[] = [];
  const index = await readCheckedFile(
    join(folder, explanationFiles.index),
    { parse: JSON.parse, schema: explanationIndexSchema },
    issues,
  );
  throwIssues(issues);
  return index === null ? null : { folder, index };
}
