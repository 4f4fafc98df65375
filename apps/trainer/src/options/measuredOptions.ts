import { count, formatBytes, InputError, wrapText } from '@nonlocal-med/core';
import { epochsWithin, findBatchSize, readAvailableMemory } from '@nonlocal-med/experiment';
import {
  isPlainObject,
  mergeOptions,
  openRunData,
  parseRunConfig,
  type RawOptions,
} from '@nonlocal-med/pipeline';
import { createProgressDisplay, emitJson, formatDuration } from '@nonlocal-med/terminal';
import type { ClusterFlags } from '../processes/clusterFlags.js';
import type { MeasuredFlags } from './measuredFlags.js';

/** Share of the free memory that a training may use unless it is given. */
const SHARE_OF_MEMORY = 0.8;
const GIBIBYTE = 2 ** 30;
/** Stands in for a batch size that is not known yet. */
const SMALL_BATCH = 2;

/** Parsed command-line options that matter here: `--epochs` and `--set` beside those that are measured. */
type GivenFlags = MeasuredFlags &
  ClusterFlags & { readonly epochs?: unknown; readonly set?: readonly string[] };

/**
 * Puts numbers in place of a batch size that is `auto` and a time that sets the number of epochs: measured on this computer, and
 * recorded by the run, so that it can be repeated and resumed. As flags do, they override a configuration file.
 * @throws InputError for options that exclude each other, or a time or memory that does not suffice
 */
export async function measuredOptions(
  raw: RawOptions,
  { signal, json, ...flags }: GivenFlags & { readonly signal: AbortSignal; readonly json?: true },
): Promise<RawOptions> {
  checkMeasuredFlags(raw, flags);
  const automatic = hasAutomaticBatch(raw);
  if (!automatic && flags.hours === undefined) return raw;

  let settled = automatic ? mergeOptions(raw, { training: { batchSize: SMALL_BATCH } }) : raw;
  const config = parseRunConfig(settled);
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
        note(
          `Measured: a batch of ${size} takes ${bytes === undefined ? 'more memory than there is' : `${formatBytes(bytes)} of memory`}.`,
        ),
    });
    const reason =
      limit === 'memory'
        ? `twice as many are expected to take more than the ${formatBytes(limitBytes)} that they may take`
        : `with more, an epoch of ${count(split.train.length, 'training image')} would have fewer than 10 steps`;
    note(
      `Batch size: ${batchSize}, which takes ${formatBytes(residentBytes)}; ${reason}. Another batch size suits another learning rate: the command learning-rate finds one.`,
    );
    settled = mergeOptions(raw, { training: { batchSize } });
  }
  if (flags.hours === undefined) return settled;
  display.stage('measuring steps', 0, 1);
  const [train, validation, test] = [split.train, split.validation, split.test].map(
    ({ length }) => length,
  );
  const seconds = 3600 * flags.hours;
  const epochs = await epochsWithin(parseRunConfig(settled), {
    ...options,
    sizes: { train, validation, test },
    seconds,
  });
  display.stage('measuring steps', 1, 1);
  note(`Epochs: ${epochs}, for which there is time in ${formatDuration(seconds)}.`);
  return mergeOptions(settled, { training: { epochs } });
}

/** Whether the batch size of a training is `auto`. */
export const hasAutomaticBatch = ({ training }: RawOptions): boolean =>
  isPlainObject(training) && training.batchSize === 'auto';

/** @throws InputError for flags that have no effect, or that exclude each other */
function checkMeasuredFlags(
  raw: RawOptions,
  { hours, memoryLimit, epochs, set = [], ...flags }: GivenFlags,
): void {
  const automatic = hasAutomaticBatch(raw);
  if (memoryLimit !== undefined && !automatic)
    throw new InputError({
      path: '--memory-limit',
      message: 'has no effect',
      hint: 'only with --batch auto',
    });
  const fixed =
    epochs === undefined
      ? set.find((assignment) => assignment.startsWith('training.epochs='))
      : `--epochs ${JSON.stringify(epochs)}`;
  if (hours !== undefined && fixed !== undefined)
    throw new InputError({
      path: '--hours',
      message: `got ${hours}, and ${fixed}`,
      hint: 'one of both: the number of epochs follows from the time',
    });
  const elsewhere = (['processes', 'members', 'slurm'] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (elsewhere !== undefined && (automatic || hours !== undefined))
    throw new InputError({
      path: automatic ? '--batch auto' : '--hours',
      message: `cannot be measured for --${elsewhere}`,
      hint: `a number for ${automatic ? '--batch' : '--epochs'}: train without --${elsewhere} reports the measured value`,
    });
}
