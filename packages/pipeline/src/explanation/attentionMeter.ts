import { attentionLayers, attentionStatistics } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader, type RunData } from '../data/runData.js';
import { maskInInput } from './imageFrame.js';
import { loadMask, openMasks, resizeMask } from './lesionMask.js';

/** Images per call of the network. */
const BATCH = 8;

/** Images as the network gets them, with their lesions where they are known. */
interface MeteredBatch {
  readonly images: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** For each image [height * width]. */
  readonly masks: readonly (Uint8Array | undefined)[];
}

/**
 * Measures the attention of a model by name, on the same images each time: `attentionEntropy`, the mean in nats, and
 * `attentionOnLesions`, the mean over images with known lesions in multiples of the attention of an average position, or null
 * without such images. Of several layers with attention, each name ends with its layer: `attentionEntropy.nonlocal2`.
 */
export type AttentionMeter = () => Promise<Record<string, number | null>>;

/**
 * Prepares a number of validation images, evenly spaced over the set, on which to measure attention.
 * @returns undefined if the model has no layer with attention
 */
export async function openAttentionMeter(
  images: number,
  {
    config,
    data: { dataset, split },
    model,
    signal,
  }: {
    readonly config: RunConfig;
    readonly data: RunData;
    readonly model: LayersModel;
    readonly signal?: AbortSignal;
  },
): Promise<AttentionMeter | undefined> {
  const layers = attentionLayers(model);
  if (layers.length === 0) return undefined;
  const all = split.validation;
  const count = Math.min(images, all.length);
  const samples = Array.from(
    { length: count },
    (_, i) => all[Math.floor((i * all.length) / count)],
  );
  const maskOf = await openMasks();
  const training = { ...config.training, batchSize: BATCH };
  const loader = createRunLoader(
    samples,
    { ...config, training },
    {
      classes: dataset.classes,
      training: false,
      signal,
    },
  );
  const batches: MeteredBatch[] = [];
  try {
    for await (const { images: pixels, shape, ids } of loader.epoch(0)) {
      const first = BATCH * batches.length;
      const masks = await Promise.all(
        ids.map(async (_, index) => {
          const sample = samples[first + index];
          const mask = await loadMask(sample, maskOf);
          if (mask === undefined) return undefined;
          const [, height, width] = shape;
          return resizeMask(await maskInInput(mask, sample, config.preprocessing), [height, width]);
        }),
      );
      batches.push({ images: pixels.slice(), shape, masks });
    }
  } finally {
    await loader.close();
  }
  return async () => {
    const named = await Promise.all(
      layers.map(async (layer) => {
        const suffix = layers.length === 1 ? '' : `.${layer}`;
        const { entropy, onLesions } = await measureLayer(model, layer, batches);
        return [
          [`attentionEntropy${suffix}`, entropy],
          [`attentionOnLesions${suffix}`, onLesions],
        ] as const;
      }),
    );
    return Object.fromEntries(named.flat());
  };
}

async function measureLayer(
  model: LayersModel,
  layer: string,
  batches: readonly MeteredBatch[],
): Promise<Record<'entropy' | 'onLesions', number | null>> {
  const entropies: number[] = [];
  const onLesions: number[] = [];
  for (const { images, shape, masks } of batches) {
    const batch = tf.tensor4d(images, [...shape]);
    try {
      for (const image of await attentionStatistics(model, batch, { layer, masks })) {
        entropies.push(image.entropy);
        if (image.onLesions !== null) onLesions.push(image.onLesions);
      }
    } finally {
      batch.dispose();
    }
  }
  return { entropy: mean(entropies), onLesions: mean(onLesions) };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
