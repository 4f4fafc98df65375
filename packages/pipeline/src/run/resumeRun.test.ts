import { execFile } from 'node:child_process';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { openRunFolder } from '@nonlocal-med/runs';
import { readSafetensors } from '@nonlocal-med/tensor';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../config/runConfigSchema.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { resumeRun } from './resumeRun.js';
import { startRun } from './startRun.js';

const program = fileURLToPath(new URL('../../test/child/run.mjs', import.meta.url));
const root = await temporaryFolder('resume-run');

/** Final results of a run: exported weights, predictions, metrics. */
const results = [
  'model/weights.safetensors',
  'predictions/test-last.csv',
  'predictions/test-selected.csv',
  'metrics.json',
];
const read = (folder: string): Promise<Buffer[]> =>
  Promise.all(results.map((file) => readFile(join(folder, file))));

async function expectSame(folder: string, reference: string): Promise<void> {
  const [ours, theirs] = [await read(folder), await read(reference)];
  results.forEach((file, index) => expect(ours[index].equals(theirs[index]), file).toBe(true));
}

/** Runs in a separate process, which kills itself at an event. */
async function killedAt(event: string, folder: string, config: RunConfig): Promise<void> {
  const child = promisify(execFile)(
    process.execPath,
    [program, 'start', folder, JSON.stringify(config)],
    { env: { ...process.env, KILL_AT: event } },
  );
  await expect(child).rejects.toMatchObject({ signal: 'SIGKILL' });
}

/** Native TensorFlow if it is installed, else wasm. */
const engine = (await useEngine(tinyConfig().engine)).engine;

describe(`a run on ${engine} that is stopped`, { timeout: 240_000 }, () => {
  const config = tinyConfig({ training: { checkpointEverySteps: 1 }, engine: { backend: engine } });
  const reference = join(root, 'reference');
  beforeAll(() => startRun(config, { folder: reference }));

  it('between two steps ends with the same bits when resumed', async () => {
    const folder = join(root, `stopped`);
    const stop = new AbortController();
    const outcome = await startRun(config, {
      folder,
      signal: stop.signal,
      onEvent: (event) => event.type === 'step' && event.step === 2 && stop.abort(),
    });
    expect(outcome).toEqual({ folder, reason: 'interrupted' });
    expect(await resumeRun({ folder })).toMatchObject({ reason: 'finished' });
    await expectSame(folder, reference);
  });

  it.each(['start 1', 'step 4'])(
    'by kill -9 at %s ends with the same bits when resumed',
    async (event) => {
      const folder = join(root, `killed-${event.replace(' ', '-')}`);
      await killedAt(event, folder, config);
      await resumeRun({ folder });
      await expectSame(folder, reference);
    },
  );

  it('by kill -9 between training and testing is only tested when resumed', async () => {
    const folder = join(root, `untested`);
    await killedAt('end 1', folder, config);
    const steps: unknown[] = [];
    const outcome = await resumeRun({
      folder,
      onEvent: (event) => event.type === 'step' && steps.push(event),
    });
    expect(outcome.reason).toBe('finished');
    expect(steps).toEqual([]);
    await expectSame(folder, reference);
  });

  it('after its last epoch ends with more epochs as if it had been started for them', async () => {
    const folder = join(root, 'continued');
    const short = { ...config, training: { ...config.training, epochs: 1 } };
    const first = await startRun(short, { folder });
    expect(first.reason).toBe('finished');
    expect((await resumeRun({ folder, epochs: 2 })).metrics).not.toEqual(first.metrics);
    await expectSame(folder, reference);
    const notes: string[] = [];
    await resumeRun({ folder, epochs: 2, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringMatching(/^The run is complete/)]);
    await expect(resumeRun({ folder, epochs: 1 })).rejects.toThrow(
      '--epochs: got 1 (more than 2: 2 epochs of this run are done)',
    );
  });

  it('while being tested counts as interrupted, and is tested again', async () => {
    const folder = join(root, `testing`);
    await cp(reference, folder, { recursive: true });
    await Promise.all([
      rm(join(folder, 'metrics.json')),
      rm(join(folder, 'predictions'), { recursive: true }),
      rm(join(folder, 'model'), { recursive: true }),
    ]);
    const stop = new AbortController();
    expect(
      await resumeRun({
        folder,
        signal: stop.signal,
        onImages: (stage) => stage === 'testing' && stop.abort(),
      }),
    ).toMatchObject({ reason: 'interrupted' });
    expect(await resumeRun({ folder })).toMatchObject({ reason: 'finished' });
    await expectSame(folder, reference);
  });

  it('and whose weights a full disk cut off is tested again, and says so', async () => {
    const folder = join(root, `cut`);
    await cp(reference, folder, { recursive: true });
    await truncate(join(folder, 'model/weights.bin'), 1000);
    const notes: string[] = [];
    expect((await openRunFolder(folder).then((run) => run.status())).evaluated).toBe(false);
    await resumeRun({ folder, onNote: (note) => notes.push(note) });
    expect(notes).toContain(
      'A result is not as the run wrote it (model/weights.bin): the run is tested again.',
    );
    await expectSame(folder, reference);
    const again: string[] = [];
    await resumeRun({ folder, onNote: (note) => again.push(note) });
    expect(again).toEqual([expect.stringMatching(/^The run is complete/)]);
  });
});

describe.skipIf(engine === 'wasm')('a run on wasm that is killed', () => {
  it('ends with the same bits when resumed', { timeout: 240_000 }, async () => {
    const config = tinyConfig({
      training: { epochs: 1, batchSize: 4, checkpointEverySteps: 1 },
      split: { test: 0.2, validation: 0.6 },
      engine: { backend: 'wasm' },
    });
    const [reference, folder] = [join(root, 'wasm-reference'), join(root, 'wasm-killed')];
    await Promise.all([
      startRun(config, { folder: reference }),
      killedAt('step 2', folder, config),
    ]);
    await resumeRun({ folder });
    await expectSame(folder, reference);
  });
});

/** Exports a model with weights of another seed; returns their file. */
async function pretrained(name: string, { preprocessing }: RunConfig): Promise<string> {
  const folder = join(root, name);
  const model = createModel('resnet18', { classes: 2, inputSize: 48, seed: 9 });
  await exportModel(model, folder, { labels: ['a', 'b'], preprocessing });
  model.dispose();
  return join(folder, 'weights.safetensors');
}

describe('a run with pre-trained weights', () => {
  it('trains its head first, and keeps frozen stages as they are', async () => {
    await useEngine(tinyConfig().engine);
    const weights = await pretrained('fine-tuned', tinyConfig());
    const training = { headEpochs: 1, freezeStages: 2, layerDecay: 0.5, balancedSampling: true };
    const folder = join(root, 'fine-tuned-run');
    await startRun(tinyConfig({ model: { name: 'resnet18', weights }, training }), { folder });
    const read = async (file: string) => readSafetensors(await readFile(file));
    const before = await read(weights);
    const after = await read(join(folder, 'model/weights.safetensors'));
    for (const name of ['conv1.weight', 'bn1.running_mean', 'layer1.1.bn2.weight'])
      expect(after.get(name)).toEqual(before.get(name));
    for (const name of ['layer2.0.conv1.weight', 'layer4.1.bn2.running_var', 'fc.bias'])
      expect(after.get(name)!.data).not.toEqual(before.get(name)!.data);
  });

  it(
    'needs their file only before its first checkpoint, and then unchanged',
    { timeout: 240_000 },
    async () => {
      await useEngine(tinyConfig().engine);
      const weights = await pretrained('pretrained', tinyConfig());
      const config = tinyConfig({ model: { name: 'resnet18', weights } });
      const [begun, stopped] = [join(root, 'weights-begun'), join(root, 'weights-stopped')];
      await killedAt('start 1', begun, config);
      const stop = new AbortController();
      await startRun(config, {
        folder: stopped,
        signal: stop.signal,
        onEvent: ({ type }) => type === 'step' && stop.abort(),
      });
      await writeFile(weights, Buffer.concat([await readFile(weights), Buffer.alloc(1)]));
      await expect(resumeRun({ folder: begun })).rejects.toThrow(
        /weights\.safetensors: has changed since the run was started/,
      );
      await rm(weights);
      expect(await resumeRun({ folder: stopped })).toMatchObject({ reason: 'finished' });
    },
  );
});
