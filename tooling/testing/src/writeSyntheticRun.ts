import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import {
  chooseDecision,
  evaluateTask,
  predictionsToCsv,
  testDecision,
} from '@nonlocal-med/metrics';
import { stringify } from 'yaml';
import { syntheticFindings } from './syntheticFindings.js';
import { type SyntheticModel, syntheticPredictions } from './syntheticPredictions.js';

/** A synthetic run. With `selected`, it has a validation set and a best checkpoint. */
export interface SyntheticRun extends SyntheticModel {
  readonly model: string;
  readonly selected?: boolean;
  /** Whether it has operating points, as every run with a validation set; default false, as in earlier versions. */
  readonly decided?: boolean;
  /** The last stage that is complete; default `tested`. */
  readonly until?: 'trained' | 'interrupted' | 'tested';
  /** Observations on the data; default: not recorded, as by earlier versions. */
  readonly cautions?: readonly string[];
}

/** Writes a run's folder as training does, with synthetic predictions. */
export async function writeSyntheticRun(
  folder: string,
  {
    model,
    selected = true,
    decided = false,
    until = 'tested',
    cautions,
    ...predictions
  }: SyntheticRun,
): Promise<void> {
  const { seed = 0, split = 0, fold, images = 60 } = predictions;
  const ofFindings = predictions.findings !== undefined;
  const predict = ofFindings ? syntheticFindings : syntheticPredictions;
  const last = predict(predictions);
  const names = 'findings' in last ? last.findings : last.classes;
  const best = predict({
    ...predictions,
    seed: seed + 1000,
    skill: predictions.skill + 0.1,
  });
  const test = last.ids.length;
  const validation = selected ? (fold === undefined ? 60 : 6) : 0;
  const train = fold === undefined ? 540 : 2 * images - validation - test;
  const splits = { train, validation, test };
  const splitSummary = (images: number): object => ({
    images,
    groups: images,
    classCounts: names.map(() => Math.floor(images / names.length)),
  });
  const write = (name: string, data: unknown): Promise<void> =>
    writeAtomic(
      join(folder, name),
      typeof data === 'string' ? data : `${JSON.stringify(data, null, 2)}\n`,
    );
  await write(
    'config.yaml',
    stringify({
      data: { path: 'images' },
      split: { test: 0.1, seed: split },
      model: { name: model },
      training: { epochs: 3, batchSize: 4 },
      seed,
    }),
  );
  await write('environment.json', {
    created: '2025-01-01T00:00:00.000Z',
    versions: { node: process.version },
    engine: { engine: 'native', device: 'cpu' },
    seed,
    data: {
      name: 'drawn',
      ...(ofFindings ? { task: 'multilabel' } : {}),
      classes: names,
      fingerprint: 'none',
      images: 660,
      split: {
        train: splitSummary(splits.train),
        validation: splitSummary(splits.validation),
        test: splitSummary(splits.test),
      },
      notes: [],
      cautions,
    },
  });
  await write('events.jsonl', eventLines(until === 'interrupted' ? 1 : 3, until === 'interrupted'));
  if (until !== 'tested') return;
  await write('predictions/test-last.csv', predictionsToCsv(last));
  if (selected) await write('predictions/test-selected.csv', predictionsToCsv(best));
  if (last.groups !== undefined)
    await write(
      'predictions/test-groups.csv',
      `id,group\n${last.ids.map((id, i) => `${id},${last.groups![i]}\n`).join('')}`,
    );
  const evaluate = (tested: typeof last): unknown =>
    evaluateTask(tested, { bootstrap: { seed, resamples: 50 } });
  const validationSet = predict({ ...predictions, split: split + 1, seed: seed + 2000 });
  const decide = (tested: typeof last): unknown =>
    testDecision(tested, chooseDecision(validationSet), { seed, resamples: 50 });
  await write('metrics.json', {
    split: 'test',
    ...(ofFindings ? { task: 'multilabel' } : {}),
    classes: names,
    images: splits,
    lastEpoch: 3,
    selectedEpoch: selected ? 2 : null,
    last: evaluate(last),
    ...(selected ? { selected: evaluate(best) } : {}),
    ...(decided ? { decision: { last: decide(last), selected: decide(best) } } : {}),
  });
}

function eventLines(epochs: number, interrupted: boolean): string {
  const events: object[] = [
    { type: 'start', epochs: 3, batchesPerEpoch: 1, samples: 4, resumedAtStep: 0 },
  ];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    events.push({
      type: 'step',
      epoch,
      step: epoch,
      batch: 0,
      loss: 1 / epoch,
      learningRate: 2e-4,
      milliseconds: 10,
      waitMilliseconds: 0,
    });
    events.push({
      type: 'epoch',
      epoch,
      trainLoss: 1 / epoch,
      validation: { loss: 1.1 / epoch, auc: 0.5 + epoch / 10 },
      best: epoch === 2,
      seconds: 1,
      residentBytes: 1,
      tensors: 1,
    });
  }
  if (!interrupted)
    events.push({
      type: 'end',
      reason: 'finished',
      epoch: epochs,
      step: epochs,
      bestEpoch: 2,
      seconds: 3,
    });
  return (
    events
      .map((event, i) => `${JSON.stringify({ ...event, time: 1735689600000 + 1000 * i })}\n`)
      .join('') + (interrupted ? '{"type":"step","ep' : '')
  );
}
