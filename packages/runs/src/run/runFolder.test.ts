import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { tinyMetrics } from '@nonlocal-med/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunFolder } from './createRunFolder.js';
import { readEvents } from './events.js';
import { openRunFolder } from './runFolder.js';
import { lockRun } from './runLock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-'));
  path = join(folder, 'runs', 'x');
});
afterEach(() => rm(folder, { recursive: true }));

const description = {
  config: { model: { name: 'resnet18' }, size: [386, 386], note: 'a: b' },
  environment: { node: 'v20', seeds: [0] },
};

describe('createRunFolder and openRunFolder', () => {
  it('keep configuration and environment', async () => {
    const run = await createRunFolder(path, description);
    expect((await readFile(run.file('config.yaml'), 'utf8')).split('\n').slice(0, 2)).toEqual([
      'model:',
      '  name: resnet18',
    ]);
    const { config, environment } = await openRunFolder(path);
    expect({ config, environment }).toEqual(description);
  });

  it('report the progress of the run', async () => {
    const run = await createRunFolder(path, description);
    expect(await run.status()).toEqual({ state: 'new', epochs: 0, steps: 0, evaluated: false });
    await run.appendEvent({ type: 'warning', message: 'two images were skipped' });
    expect((await run.status()).state).toBe('new');
    await run.appendEvent({
      type: 'start',
      epochs: 2,
      batchesPerEpoch: 3,
      samples: 9,
      resumedAtStep: 0,
    });
    const lock = await lockRun(path);
    expect(await run.status()).toMatchObject({ state: 'running', process: { pid: process.pid } });
    await lock.release();
    expect((await run.status()).state).toBe('interrupted');
    await run.appendEvent({
      type: 'end',
      reason: 'early-stop',
      epoch: 2,
      step: 6,
      bestEpoch: 1,
      seconds: 1,
    });
    expect(await run.status()).toMatchObject({ state: 'finished', evaluated: false });
    const metrics = tinyMetrics();
    await run.writeMetrics(metrics);
    expect(await run.status()).toMatchObject({ state: 'finished', evaluated: true });
    const text = await readFile(run.file('metrics.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(metrics);
    await writeFile(run.file('metrics.json'), text.slice(0, 8192).slice(0, -20));
    expect(await run.status()).toMatchObject({ state: 'finished', evaluated: false });
    expect(await readEvents(run.file('events.jsonl'))).toHaveLength(3);
  });

  it('write predictions as CSV', async () => {
    const run = await createRunFolder(path, description);
    const csv = await run.writeTestPredictions('last', {
      classes: ['a', 'b'],
      ids: ['x.png', 'y,z.png'],
      labels: Int32Array.of(0, 1),
      probabilities: Float64Array.of(0.25, 0.75, 1 / 3, 2 / 3),
    });
    expect(csv).toBe(join(path, 'predictions', 'test-last.csv'));
    expect(await readFile(csv, 'utf8')).toContain('0.3333333333333333');
  });

  it('refuse a folder that already holds a run and report its progress', async () => {
    const run = await createRunFolder(path, description);
    await expect(createRunFolder(path, description)).rejects.toThrow(InputError);
    await run.appendEvent({
      type: 'start',
      epochs: 2,
      batchesPerEpoch: 3,
      samples: 9,
      resumedAtStep: 0,
    });
    await expect(createRunFolder(path, description)).rejects.toThrow(
      /interrupted, 0 epochs done.*resume it/,
    );
    await run.appendEvent({
      type: 'end',
      reason: 'finished',
      epoch: 2,
      step: 6,
      bestEpoch: null,
      seconds: 1,
    });
    await expect(createRunFolder(path, description)).rejects.toThrow(
      /\(finished, 0 epochs done\) \(resume it with pnpm .* resume .*, choose another folder/,
    );
    await run.writeMetrics(tinyMetrics());
    await expect(createRunFolder(path, description)).rejects.toThrow(
      /\(finished, 0 epochs done\) \(choose another folder/,
    );
  });

  it('refuse the folder of an experiment, and report how it is continued', async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'experiment.json'), '{}');
    await expect(createRunFolder(path, description)).rejects.toThrow(
      /already holds an experiment \(continue it with pnpm .* resume .*, choose another folder/,
    );
  });

  it('refuse a file and a folder with other content without touching them', async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'holiday.jpg'), '');
    await expect(createRunFolder(path, description)).rejects.toThrow(/holiday\.jpg.*empty folder/);
    expect(await readdir(path)).toEqual(['holiday.jpg']);
    await expect(createRunFolder(join(path, 'holiday.jpg'), description)).rejects.toThrow(
      /is a file/,
    );
  });

  it('accept a folder in which a creation was killed', async () => {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'environment.json'), '{}');
    await writeFile(join(path, 'images.json'), '{');
    await writeFile(join(path, 'config.yaml.1234'), 'mod');
    expect((await (await createRunFolder(path, description)).status()).state).toBe('new');
  });

  it('let only one of two simultaneous calls create the folder', async () => {
    const results = await Promise.allSettled([
      createRunFolder(path, description),
      createRunFolder(path, description),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('report what is missing or unreadable', async () => {
    await expect(openRunFolder(path)).rejects.toThrow(
      `${path}: does not exist (a folder that training wrote)`,
    );
    await mkdir(path, { recursive: true });
    await expect(openRunFolder(path)).rejects.toThrow(
      `${path}: is not a run folder: config.yaml is missing`,
    );
    const run = await createRunFolder(path, description);
    await writeFile(run.file('config.yaml'), 'a: [');
    await expect(openRunFolder(path)).rejects.toThrow(InputError);
  });
});
