import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingEvent } from '@nonlocal-med/core';
import { createRunFolder, type RunFolder } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import type { RawOptions } from '../config/mergeOptions.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { checkMoreEpochs } from './moreEpochs.js';

const root = await temporaryFolder('more-epochs');
let runs = 0;

const started: TrainingEvent[] = [
  { type: 'start', epochs: 2, batchesPerEpoch: 1, samples: 4, resumedAtStep: 0 },
  ...[1, 2].map((epoch): TrainingEvent => ({
    type: 'epoch',
    epoch,
    trainLoss: 1,
    best: false,
    seconds: 1,
    residentBytes: 1,
    tensors: 1,
  })),
];
const end = (reason: 'finished' | 'early-stop' | 'interrupted'): TrainingEvent => ({
  type: 'end',
  reason,
  epoch: 2,
  step: 2,
  bestEpoch: null,
  seconds: 2,
});

/** What the check says of a run of two epochs with these events. */
async function check(
  training: RawOptions,
  {
    events,
    epochs,
    place,
  }: {
    readonly events: readonly TrainingEvent[];
    readonly epochs: number;
    /** Folder of the run. */
    readonly place?: string;
  },
): Promise<number | undefined> {
  const config = tinyConfig({ training });
  const folder = join(root, place ?? `run-${++runs}`);
  const run: RunFolder = await createRunFolder(folder, { config, environment: {} });
  for (const event of events) await run.appendEvent(event);
  return checkMoreEpochs(run, config, epochs);
}

describe('checkMoreEpochs', () => {
  it.each(['constant', 'step', 'warm-restarts'])('accepts more epochs of %s', async (kind) => {
    const training = { schedule: { kind } };
    const finished = [...started, end('finished')];
    expect(await check(training, { events: finished, epochs: 5 })).toBe(5);
    expect(await check(training, { events: finished, epochs: 2 })).toBeUndefined();
  });

  it('accepts any number for a run that has not begun, and the epochs that an interrupted one has', async () => {
    expect(await check({ schedule: 'cosine' }, { events: [], epochs: 1 })).toBe(1);
    const events = [...started, end('interrupted')];
    expect(await check({ epochs: 9 }, { events, epochs: 2 })).toBe(2);
  });

  it('refuses a run of an experiment', async () => {
    await mkdir(join(root, 'experiment'));
    await writeFile(join(root, 'experiment/experiment.json'), '{}');
    const events = [...started, end('finished')];
    const place = 'experiment/runs/resnet18/repeat-1';
    await expect(check({ epochs: 2 }, { events, epochs: 5, place })).rejects.toThrow(
      '--epochs: the run belongs to an experiment, whose table compares runs of 2 epochs (another experiment with this number as training.epochs)',
    );
  });

  it.each(['cosine', 'linear', 'one-cycle'])('refuses another number of %s', async (kind) => {
    await expect(
      check({ schedule: { kind } }, { events: [...started, end('finished')], epochs: 5 }),
    ).rejects.toThrow(
      `--epochs: the run was started for 2 epochs with the schedule ${kind}, whose learning rate ends with them; for 5 it would have been another one from the first step on (a new run with --epochs 5;`,
    );
  });

  it('refuses fewer epochs than are done', async () => {
    const events = [...started, end('finished')];
    await expect(check({}, { events, epochs: 1 })).rejects.toThrow(
      '--epochs: got 1 (more than 2: 2 epochs of this run are done)',
    );
  });

  it('refuses more epochs of a run that stopped early', async () => {
    const training = { epochs: 9, earlyStopping: { patience: 1, metric: 'loss' } };
    await expect(
      check(training, { events: [...started, end('early-stop')], epochs: 20 }),
    ).rejects.toThrow(
      '--epochs: the run stopped early after epoch 2, since loss had not improved for 1 epoch:',
    );
  });
});
