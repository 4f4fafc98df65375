import {
  createRandom,
  defaultPreprocessing,
  type Preprocessing,
  type Task,
} from '@nonlocal-med/core';
import { chooseDecision } from '@nonlocal-med/metrics';
import { createModel, exportFiles } from '@nonlocal-med/models';
import type { TrainingStatistics } from '@nonlocal-med/runs/model';
import { loadNetwork } from '../exportedNetwork.js';
import { createSelfTest } from '../selfTest.js';

export const labels = ['healthy', 'mild', 'severe'] as const;

/** Statistics by which nothing is unlike the training images but what `limit` says. */
function statisticsOf(limit: number): TrainingStatistics {
  const group = (length: number): TrainingStatistics['appearance'] => {
    const fill = (value: number): number[] => Array.from({ length }, () => value);
    const covariance = fill(0).map((_, i) => fill(0).map((zero, j) => (i === j ? 1 : zero)));
    return { mean: fill(0), std: fill(1), low: fill(-1), high: fill(1), covariance, limit };
  };
  return {
    version: 1,
    images: 99,
    appearance: group(12),
    layout: group(16),
    limit: 1,
    heldOut: null,
  };
}

/** The files of an exported model with random weights, by name, as text or bytes. */
export async function writeModelFiles({
  model: name = 'shufflenetv2-nla',
  task = 'multiclass',
  preprocessing = { size: [64, 80] },
  calibrated = false,
  limit = 0.5,
}: {
  readonly model?: string;
  readonly task?: Task;
  readonly preprocessing?: Partial<Preprocessing>;
  readonly calibrated?: boolean;
  readonly limit?: number;
} = {}): Promise<Record<string, Uint8Array>> {
  const model = createModel(name, {
    classes: labels.length,
    task,
    seed: 3,
    ...(name.startsWith('shuffle') ? { width: 0.5 as const } : {}),
  });
  const prepared = { ...defaultPreprocessing, values: '8-bit' as const, ...preprocessing };
  const exported = await exportFiles(model, { labels, preprocessing: prepared });
  model.dispose();
  const files: Record<string, Uint8Array> = { ...exported };
  const write = (file: string, value: unknown): void => {
    files[file] = new TextEncoder().encode(JSON.stringify(value));
  };
  const validation = validationPredictions(task);
  const decision = chooseDecision(validation, { calibrated });
  write('decision.json', { version: 1, weights: 'selected', classes: labels, ...decision });
  write('training-statistics.json', statisticsOf(limit));
  const network = await loadNetwork({
    read: (file) => Promise.resolve(files[file]),
    place: 'memory',
  });
  write('self-test.json', await createSelfTest(network));
  network.dispose();
  return files;
}

function validationPredictions(task: Task): Parameters<typeof chooseDecision>[0] {
  const random = createRandom(1, 'validation');
  const ids = Array.from({ length: 60 }, (_, i) => `image ${i}`);
  const rows = ids.map((_, i) =>
    labels.map((_, k) => random.uniform(0.05, 0.6) + (i % 3 === k ? 0.3 : 0)),
  );
  if (task === 'multilabel')
    return {
      findings: labels,
      ids,
      labels: Int32Array.from(ids.flatMap((_, i) => labels.map((_, k) => Number(i % 3 === k)))),
      probabilities: Float64Array.from(rows.flat()),
    };
  return {
    classes: labels,
    ids,
    labels: Int32Array.from(ids, (_, i) => i % 3),
    probabilities: Float64Array.from(
      rows.flatMap((row) => row.map((value) => value / row.reduce((sum, p) => sum + p, 0))),
    ),
  };
}
