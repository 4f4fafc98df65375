import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  readTrainingStatistics,
  type TrainingStatistics,
  writeTrainingStatistics,
} from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { resumeRun } from '../run/resumeRun.js';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { openUnlikeCheck } from './unlikeImages.js';

const FILE = 'training-statistics.json';
const root = await temporaryFolder('statistics');
const run = join(root, 'run');
const config = tinyConfig({
  data: { images: 100 },
  split: { test: 0.2, validation: 0.2 },
  preprocessing: { size: 32 },
  training: { epochs: 1, batchSize: 16 },
});
let statistics: TrainingStatistics;
beforeAll(async () => {
  await startRun(config, { folder: run });
  statistics = (await readTrainingStatistics(run))!;
});

describe('the statistics of training images', () => {
  it('are in the folder of the run and in its exported model', async () => {
    expect(statistics.images).toBe(64);
    expect(statistics.heldOut!.images).toBe(16);
    expect(statistics.heldOut!.unlike).toBeLessThanOrEqual(2);
    expect(await readFile(join(run, 'model', FILE), 'utf8')).toBe(
      await readFile(join(run, FILE), 'utf8'),
    );
    const exported = join(root, 'exported');
    await cp(join(run, 'model'), exported, { recursive: true });
    const [path, ...others] = [run, join(run, 'model'), exported];
    const blank = {
      appearance: new Array<number>(12).fill(0),
      layout: new Array<number>(16).fill(0),
    };
    const found = (await openUnlikeCheck(path))!(blank);
    expect(found.distance).toBeGreaterThan(1);
    for (const other of others) expect((await openUnlikeCheck(other))!(blank)).toEqual(found);
  });

  it('do not change when the tests of a run are repeated', async () => {
    const resumed = join(root, 'resumed');
    await cp(run, resumed, { recursive: true });
    await rm(join(resumed, 'metrics.json'));
    await writeTrainingStatistics(resumed, { ...statistics, images: 65 });
    await resumeRun({ folder: resumed });
    expect((await readTrainingStatistics(resumed))!.images).toBe(65);
    expect((await readTrainingStatistics(join(resumed, 'model')))!.images).toBe(65);
  });

  it('are computed by the resumption of a run that has none, and equal those of a run at once', async () => {
    const resumed = join(root, 'former');
    await cp(run, resumed, { recursive: true });
    for (const file of ['metrics.json', FILE, `model/${FILE}`]) await rm(join(resumed, file));
    await resumeRun({ folder: resumed });
    expect(await readFile(join(resumed, FILE), 'utf8')).toBe(
      await readFile(join(run, FILE), 'utf8'),
    );
  });

  it('are missing for few training images; then nothing can be compared', async () => {
    const few = join(root, 'few');
    await startRun(tinyConfig({ training: { epochs: 1 } }), { folder: few });
    expect(await readTrainingStatistics(few)).toBeNull();
    expect(await openUnlikeCheck(few)).toBeNull();
  });
});
