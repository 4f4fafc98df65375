import { InputError, type PrecisionChoice } from '@nonlocal-med/core';
import { autocast, bfloat16Support, type MixedPrecisionComputation } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The type that convolutions and matrix products are computed in. */
export type Precision = Exclude<PrecisionChoice, 'auto'>;

/** What a choice means on this machine. */
export interface ResolvedPrecision {
  readonly precision: Precision;
  /** What the user should know about it, in one sentence. */
  readonly note?: string;
}

/**
 * Decides which precision a choice means for a model, on the current backend and this processor: `auto` is bfloat16 if
 * the processor multiplies matrices of bfloat16 (AMX) and the model has no depthwise convolutions, which are slower in it.
 * @throws InputError if bfloat16 is asked for and not available
 */
export function resolvePrecision(choice: PrecisionChoice, model: LayersModel): ResolvedPrecision {
  if (choice === 'float32') return { precision: 'float32' };
  const { isSupported, isFast, reason } = backendSupport();
  if (choice === 'auto') {
    const precision = isFast && !hasDepthwiseLayers(model) ? 'bfloat16' : 'float32';
    return { precision, note: `Precision: ${precision}.` };
  }
  if (!isSupported)
    throw new InputError({
      path: 'precision',
      message: `"bfloat16" is not available: ${reason}`,
      hint: 'float32, or auto, which uses bfloat16 only where it is fast',
    });
  if (!isFast)
    return {
      precision: 'bfloat16',
      note: 'This processor has no AMX instructions: bfloat16 is usually slower than float32 on it.',
    };
  return hasDepthwiseLayers(model)
    ? {
        precision: 'bfloat16',
        note: 'This model has depthwise convolutions: bfloat16 is usually slower than float32 for it.',
      }
    : { precision: 'bfloat16' };
}

/**
 * Decides in which precision to repeat what was computed in the recorded one: the same if it is available.
 * @returns float32 with a note where it is not
 */
export function repeatPrecision(recorded: PrecisionChoice): ResolvedPrecision {
  const { isSupported, reason } = backendSupport();
  return recorded !== 'bfloat16' || isSupported
    ? { precision: recorded === 'bfloat16' ? 'bfloat16' : 'float32' }
    : {
        precision: 'float32',
        note: `Computed in float32 instead of bfloat16 (${reason}): probabilities may differ in the third digit.`,
      };
}

/** Computes in a precision; the results are float32. */
export function computeIn(
  precision: Precision,
  computation: MixedPrecisionComputation,
): tf.Tensor[] {
  return precision === 'bfloat16' ? autocast(computation) : computation.compute();
}

function backendSupport(): ReturnType<typeof bfloat16Support> {
  if (tf.getBackend() !== 'tensorflow')
    return {
      isSupported: false,
      isFast: false,
      reason: `it needs native TensorFlow, and the backend is ${tf.getBackend()}`,
    };
  const backend = tf.backend() as { readonly isUsingGpuDevice?: boolean };
  return backend.isUsingGpuDevice === true
    ? { isSupported: true, isFast: true }
    : bfloat16Support();
}

function hasDepthwiseLayers({ layers }: LayersModel): boolean {
  return layers.some((layer) => /depthwise/i.test(layer.getClassName()));
}
