import { count, formatBytes, wrapText } from '@nonlocal-med/core';
import { epochsWithin, findBatchSize, readAvailableMemory } from '@nonlocal-med/experiment';
import {
  mergeOptions,
  openRunData,
  parseRunConfig,
  type RawOptions,
  type RunConfig,
} from '@nonlocal-med/pipeline';
import { createProgressDisplay, emitJson, formatDuration } from '@nonlocal-med/terminal';
import type { ClusterFlags } from '../processes/clusterFlags.js';
import { checkMeasuredFlags, hasAutomaticBatch, type MeasuredFlags } from './measuredFlags.js';

/** Share of the free memory that a training may use unless it is given. */
const SHARE_OF_MEMORY = 0.8;
const GIBIBYTE = 2 ** 30;

/**
 * The configuration of a training whose batch size is `auto`, or whose number of epochs follows from a time: measured on this
 * computer, and recorded as numbers, so that the run can be repeated and resumed.
 * @throws InputError for options that exclude each other, or a time or memory that does not suffice
 */
export async function measuredConfig(
  raw: RawOptions,
  {
    signal,
    json,
    ...flags
  }: MeasuredFlags & ClusterFlags & { readonly signal: AbortSignal; readonly json?: true },
): Promise<RunConfig> {
  checkMeasuredFlags(raw, flags);
  const automatic = hasAutomaticBatch(raw);
  if (!automatic && flags.hours === undefined) return parseRunConfig(raw);

  const withNumber = (name: string, value: number): RunConfig =>
    parseRunConfig(mergeOptions(raw, { training: { [name]: value } }));
  let config = automatic ? withNumber('batchSize', 2) : parseRunConfig(raw);
  const display = createProgressDisplay();
  const note = (message: string): void =>
    json === undefined ? display.line(wrapText(message)) : emitJson({ type: 'note', message });
  const { dataset, split } = await openRunData(config, {
    signal,
    onProgress: (done, total) => display.stage('checking images', done, total),
  });
  const options = { name: config.model.name, classes: dataset.classes.length, signal };
  if (automatic) {
    const limitBytes =
      flags.memoryLimit === undefined
        ? SHARE_OF_MEMORY * readAvailableMemory()
        : flags.memoryLimit * GIBIBYTE;
    const { batchSize, residentBytes, limit } = await findBatchSize(config, {
      ...options,
      trainingImages: split.train.length,
      limitBytes,
      onMeasured: (size, bytes) =>
        note(`Measured: a batch of ${size} takes ${formatBytes(bytes)} of memory.`),
    });
    const reason =
      limit === 'memory'
        ? `twice as many take more than the ${formatBytes(limitBytes)} that they may take`
        : `with more, an epoch of ${count(split.train.length, 'training image')} has fewer than 10 steps`;
    note(
      `Batch size: ${batchSize}, which takes ${formatBytes(residentBytes)}; ${reason}. Another batch size suits another learning rate: the command learning-rate finds one.`,
    );
    config = withNumber('batchSize', batchSize);
  }
  if (flags.hours === undefined) return config;
  display.stage('measuring steps', 0, 1);
  const [train, validation, test] = [split.train, split.validation, split.test].map(
    ({ length }) => length,
  );
  const seconds = 3600 * flags.hours;
  const epochs = await epochsWithin(config, {
    ...options,
    sizes: { train, validation, test },
    seconds,
  });
  display.stage('measuring steps', 1, 1);
  note(`Epochs: ${epochs}, for which there is time in ${formatDuration(seconds)}.`);
  return parseRunConfig(
    mergeOptions(raw, { training: { epochs, batchSize: config.training.batchSize } }),
  );
}
