import { formatBytes, InputError, UnavailableError } from '@nonlocal-med/core';
import type { RunConfig } from '@nonlocal-med/pipeline';
import { measureRun, type MeasureRunOptions } from './estimateRun.js';
import type { StepCost } from './workerMessages.js';

/** Batch sizes at which memory is measured first; larger ones are expected on the line through the last two. */
const [SMALLEST, SECOND] = [2, 8];
/** Factor by which a size that is measured next is larger than the one before, at most. */
const GROWTH = 8;
/** Steps that an epoch has at least, however much memory there is. */
const FEWEST_STEPS = 10;

/** How a batch size is looked for. */
export interface FindBatchSizeOptions extends MeasureRunOptions {
  readonly trainingImages: number;
  /** Memory that the process of the training may take. */
  readonly limitBytes: number;
  /** Called after each measurement; without bytes if no training step could be executed. */
  readonly onMeasured?: (batchSize: number, residentBytes?: number) => void;
}

/** A batch size that was found. */
export interface FoundBatchSize {
  readonly batchSize: number;
  /** Peak memory of a training with it, measured. */
  readonly residentBytes: number;
  /** Why it is not larger. */
  readonly limit: 'memory' | 'images';
}

/**
 * The largest power of two as batch size with which a training is expected to fit into memory and an epoch has at least 10
 * steps. Memory is measured in separate processes, on random images: at two small sizes, and at larger ones that are expected to
 * fit.
 * @throws InputError if two images per batch take more memory than the limit, or the network is computed by a graphics card
 * @throws UnavailableError if no training step can be executed
 */
export function findBatchSize(
  config: RunConfig,
  { trainingImages, limitBytes, onMeasured, ...options }: FindBatchSizeOptions,
): Promise<FoundBatchSize> {
  const { training } = config;
  const measure = async (batchSize: number): Promise<Measured> => {
    try {
      const cost = await measureRun({ ...config, training: { ...training, batchSize } }, options);
      onMeasured?.(batchSize, cost.residentBytes);
      return cost;
    } catch (error) {
      if (batchSize === SMALLEST || !(error instanceof UnavailableError)) throw error;
      onMeasured?.(batchSize);
      return { residentBytes: Infinity, device: 'cpu' }; // its process did not get the memory
    }
  };
  const batches = FEWEST_STEPS * training.accumulateBatches;
  return searchBatchSize(measure, { largest: trainingImages / batches, limitBytes });
}

type Measured = Pick<StepCost, 'residentBytes' | 'device'>;

/**
 * The search of {@link findBatchSize}.
 * @param measure the cost of a batch size
 * @param options.largest limit of the batch size besides memory
 */
export async function searchBatchSize(
  measure: (batchSize: number) => Promise<Measured>,
  { largest, limitBytes }: { readonly largest: number; readonly limitBytes: number },
): Promise<FoundBatchSize> {
  const bytesOf = async (batchSize: number): Promise<number> => {
    const { residentBytes, device } = await measure(batchSize);
    if (device !== 'cpu')
      throw new InputError({
        path: '--batch',
        message:
          'got "auto", but the network is computed by a graphics card, whose memory cannot be measured',
        hint: 'a number: double it until memory does not suffice',
      });
    return residentBytes;
  };
  const most = Math.max(SMALLEST, powerOfTwoBelow(largest));
  let fits = { batchSize: SMALLEST, bytes: await bytesOf(SMALLEST) };
  if (fits.bytes > limitBytes)
    throw new InputError({
      path: '--batch',
      message: `got "auto", but even ${SMALLEST} images per batch take ${formatBytes(fits.bytes)} of memory, of the ${formatBytes(limitBytes)} that it may take`,
      hint: 'smaller images (--size), a smaller model (--model), or more memory (--memory-limit)',
    });
  let tooLarge = Infinity;
  let next = Math.min(SECOND, most);
  while (next > fits.batchSize) {
    const bytes = await bytesOf(next);
    let expected: number; // the largest size that is expected to fit
    if (bytes > limitBytes) {
      tooLarge = next;
      expected = next / 2;
    } else {
      const perImage = (bytes - fits.bytes) / (next - fits.batchSize);
      expected = next + (limitBytes - bytes) / Math.max(perImage, 1);
      fits = { batchSize: next, bytes };
    }
    next = Math.min(powerOfTwoBelow(expected), GROWTH * fits.batchSize, tooLarge / 2, most);
  }
  return {
    batchSize: fits.batchSize,
    residentBytes: fits.bytes,
    limit: fits.batchSize === most ? 'images' : 'memory',
  };
}

const powerOfTwoBelow = (value: number): number => 2 ** Math.floor(Math.log2(Math.max(1, value)));
