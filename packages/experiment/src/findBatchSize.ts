import { formatBytes, InputError } from '@nonlocal-med/core';
import type { RunConfig } from '@nonlocal-med/pipeline';
import { measureRun, type MeasureRunOptions } from './estimateRun.js';
import type { StepCost } from './workerMessages.js';

/** Batch sizes at which memory is measured first; larger ones are expected on the line through both. */
const [SMALLEST, SECOND] = [2, 8];
/** Steps that an epoch has at least, however much memory there is. */
const FEWEST_STEPS = 10;

/** How a batch size is looked for. */
export interface FindBatchSizeOptions extends MeasureRunOptions {
  readonly trainingImages: number;
  /** Memory that the process of the training may take. */
  readonly limitBytes: number;
  /** Called after each measurement. */
  readonly onMeasured?: (batchSize: number, residentBytes: number) => void;
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
 * The largest power of two as batch size with which a training fits into memory and an epoch has at least 10 steps. Memory is
 * measured in separate processes, on random images: at two small sizes, and at the size that they promise.
 * @throws InputError if two images per step take more memory than the limit, or the network is computed by a graphics card
 * @throws UnavailableError if no training step can be executed
 */
export function findBatchSize(
  config: RunConfig,
  { trainingImages, limitBytes, onMeasured, ...options }: FindBatchSizeOptions,
): Promise<FoundBatchSize> {
  const measure = async (batchSize: number): Promise<StepCost> => {
    const training = { ...config.training, batchSize };
    const cost = await measureRun({ ...config, training }, options);
    onMeasured?.(batchSize, cost.residentBytes);
    return cost;
  };
  return searchBatchSize(measure, { trainingImages, limitBytes });
}

/** The search of {@link findBatchSize}, with the cost of a batch size as a function. */
export async function searchBatchSize(
  measure: (batchSize: number) => Promise<Pick<StepCost, 'residentBytes' | 'device'>>,
  { trainingImages, limitBytes }: Pick<FindBatchSizeOptions, 'trainingImages' | 'limitBytes'>,
): Promise<FoundBatchSize> {
  const largest = Math.max(SMALLEST, powerOfTwoBelow(trainingImages / FEWEST_STEPS));
  const measured = new Map<number, number>();
  const bytesOf = async (batchSize: number): Promise<number> => {
    const known = measured.get(batchSize);
    if (known !== undefined) return known;
    const { residentBytes, device } = await measure(batchSize);
    if (device !== 'cpu')
      throw new InputError({
        path: '--batch',
        message:
          'got "auto", but the network is computed by a graphics card, whose memory cannot be measured',
        hint: 'a number: double it until memory does not suffice',
      });
    measured.set(batchSize, residentBytes);
    return residentBytes;
  };
  const smallest = await bytesOf(SMALLEST);
  if (smallest > limitBytes)
    throw new InputError({
      path: '--batch',
      message: `got "auto", but even 2 images per step take ${formatBytes(smallest)} of memory, of the ${formatBytes(limitBytes)} that it may take`,
      hint: 'smaller images (--size), a smaller model (--model), or more memory (--memory-limit)',
    });
  const second = Math.min(SECOND, largest);
  const perImage =
    second === SMALLEST ? 0 : ((await bytesOf(second)) - smallest) / (second - SMALLEST);
  const promised = SMALLEST + (limitBytes - smallest) / Math.max(perImage, 1);
  let batchSize = Math.min(largest, Math.max(SMALLEST, powerOfTwoBelow(promised)));
  while ((await bytesOf(batchSize)) > limitBytes) batchSize /= 2;
  return {
    batchSize,
    residentBytes: await bytesOf(batchSize),
    limit: batchSize === largest ? 'images' : 'memory',
  };
}

const powerOfTwoBelow = (value: number): number => 2 ** Math.floor(Math.log2(Math.max(1, value)));
