import { applyNetwork, decideOutput, prepareInput, testPixels } from '@nonlocal-med/classifier';
import type { Pixels } from '@nonlocal-med/core';
import type { Decision } from '@nonlocal-med/metrics';
import { z } from 'zod';
import { encodeImage } from '../explanation/encodeImage.js';
import type { ExportedModel } from '../inference/openExportedModel.js';
import type { NpyArray } from './npyFile.js';

/** Logits may differ by this much of the largest one (but at least of 1), and probabilities by this much. */
export const EXPORT_TOLERANCE = 1e-4;

const rows = z.array(z.array(z.number()));

/** `golden.json`: what an exported model has to give for the images in `golden-input.npy`. */
export const goldenSchema = z.looseObject({
  version: z.literal(1),
  /** Files of the images before they were prepared; null where an image file cannot hold them. */
  images: z.array(z.string()).nullable(),
  tolerance: z.number().positive(),
  outputs: z.looseObject({
    logits: rows,
    probabilities: rows,
    calibrated: rows.optional(),
  }),
});

/** See {@link goldenSchema}. */
export type Golden = z.infer<typeof goldenSchema>;

/** Two generated images, before and after preprocessing, and what the model gives for them. */
export interface GoldenExample {
  readonly golden: Golden;
  readonly input: NpyArray;
  /** PNG files by name. */
  readonly images: Readonly<Record<string, Uint8Array>>;
}

/** Sizes of the images: one has to be enlarged, the other reduced in most models. */
const SIZES = [
  { seed: 0, height: 96, width: 112 },
  { seed: 1, height: 411, width: 530 },
] as const;

/**
 * Makes the example that belongs to an export. The numbers are those of a prediction: of the model itself and of the calibration
 * as it is applied to predictions, not of what is exported.
 */
export async function goldenExample(
  model: ExportedModel,
  decision: Decision | null,
): Promise<GoldenExample> {
  const { preprocessing } = model;
  const pixels = SIZES.map((size) => testPixels(size, preprocessing));
  const prepared = pixels.map((image) => prepareInput(image, model));
  const outputs: { logits: number[][]; probabilities: number[][]; calibrated?: number[][] } = {
    logits: [],
    probabilities: [],
  };
  for (const values of prepared) {
    const { logits, probabilities } = await applyNetwork(model, values);
    outputs.logits.push([...logits]);
    outputs.probabilities.push([...probabilities]);
    const { calibrated } = decideOutput(probabilities, model, decision);
    if (calibrated !== null) (outputs.calibrated ??= []).push([...calibrated]);
  }
  const images: Record<string, Uint8Array> = {};
  for (const [i, image] of pixels.entries())
    if (image.data instanceof Uint8Array)
      images[`golden-${i}.png`] = await encodeImage(image as Pixels)
        .png()
        .toBuffer();
  const names = Object.keys(images);
  return {
    golden: {
      version: 1,
      images: names.length === pixels.length ? names : null,
      tolerance: EXPORT_TOLERANCE,
      outputs,
    },
    input: {
      shape: [prepared.length, ...preprocessing.size, 3],
      values: Float32Array.from(prepared.flatMap((values) => [...values])),
    },
    images,
  };
}
