import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { writeSafetensors } from '@nonlocal-med/tensor';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, initialProgress } from './checkpoint.js';
import { loadCheckpoint } from './loadCheckpoint.js';
import { saveCheckpoint } from './saveCheckpoint.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true }));

const weight = (...values: number[]) => ({
  shape: [values.length],
  data: Float32Array.from(values),
});
type Writable<T> = { -readonly [K in keyof T]: T[K] };
const checkpoint = (step: number): Writable<Checkpoint> => ({
  weights: new Map([
    ['first.weight', weight(step, -0, NaN, 1e-45)],
    ['fc/bias', weight(0.1)],
  ]),
  optimizer: {
    step,
    first: new Map([['fc/bias', weight(0.2)]]),
    second: new Map([['fc/bias', weight(0.3)]]),
  },
  progress: {
    ...initialProgress,
    step,
    lossSum: 0.1 + 0.2,
    history: [{ epoch: 1, step: 1, trainLoss: 1 / 3, validation: { auc: null } }],
  },
  identity: { seed: 3 },
  kernelChoices: { 'conv 1': 'eigen' },
  log: { bytes: 120, line: '{"type":"checkpoint"}' },
});

describe('saveCheckpoint and loadCheckpoint', () => {
  it('restore what was saved, bit for bit', async () => {
    const path = await saveCheckpoint(folder, checkpoint(5));
    const loaded = await loadCheckpoint(folder);
    expect(loaded).toEqual({ checkpoint: checkpoint(5), path, skipped: [] });
    expect(Object.is(loaded!.checkpoint.weights.get('first.weight')!.data[1], -0)).toBe(true);
  });

  it('return null for an empty or missing folder', async () => {
    expect(await loadCheckpoint(folder)).toBeNull();
    expect(await loadCheckpoint(join(folder, 'none'))).toBeNull();
  });

  it('save without optimizer state', async () => {
    const best = { ...checkpoint(2) };
    delete best.optimizer;
    const path = await saveCheckpoint(folder, best);
    expect((await loadCheckpoint(folder))!.checkpoint).toEqual(best);
    expect((await readdir(path)).sort()).toEqual([
      'manifest.json',
      'state.json',
      'weights.safetensors',
    ]);
  });

  it('keep the newest two, or `keep`', async () => {
    for (const step of [1, 2, 3]) await saveCheckpoint(folder, checkpoint(step));
    expect((await readdir(folder)).sort()).toEqual(['00000002-step-2', '00000003-step-3']);
    await saveCheckpoint(folder, checkpoint(4), { keep: 1 });
    expect(await readdir(folder)).toEqual(['00000004-step-4']);
  });

  it('remove what a killed process left unfinished', async () => {
    await mkdir(join(folder, '.writing-1-1'));
    await writeFile(join(folder, '.writing-1-1', 'weights.safetensors'), 'half');
    expect(await loadCheckpoint(folder)).toBeNull();
    await saveCheckpoint(folder, checkpoint(1));
    expect(await readdir(folder)).toEqual(['00000001-step-1']);
  });

  it('write equal bytes for equal weights', async () => {
    const [a, b] = [
      await saveCheckpoint(join(folder, 'a'), checkpoint(1)),
      await saveCheckpoint(join(folder, 'b'), checkpoint(1)),
    ];
    expect(await readFile(join(a, 'weights.safetensors'))).toEqual(
      await readFile(join(b, 'weights.safetensors')),
    );
  });

  it('write the bytes of a safetensors file from weights that are read late', async () => {
    const { weights } = checkpoint(1);
    const live = new Map(
      [...weights].map(([name, { shape, data }]) => [
        name,
        { shape, data: () => Promise.resolve(data) },
      ]),
    );
    const path = await saveCheckpoint(folder, { ...checkpoint(1), weights: live });
    const expected = writeSafetensors(
      new Map([...weights].map(([name, weight]) => [name, { dtype: 'F32', ...weight }])),
    );
    expect(new Uint8Array(await readFile(join(path, 'weights.safetensors')))).toEqual(expected);
  });

  it('leave nothing of a checkpoint that cannot be written', async () => {
    await saveCheckpoint(folder, checkpoint(1));
    await expect(
      saveCheckpoint(folder, {
        ...checkpoint(2),
        weights: new Map([['w', { shape: [3], data: Float32Array.of(1, 2) }]]),
      }),
    ).rejects.toThrow(/shape \[3\] and 2 elements/);
    expect(await readdir(folder)).toEqual(['00000001-step-1']);
  });

  it.each(['ENOSPC', 'EDQUOT'])(
    'say from where a full disk (%s) lets the run resume',
    async (code) => {
      const data = () => Promise.reject(Object.assign(new Error('full'), { code }));
      const failing = { ...checkpoint(9), weights: new Map([['w', { shape: [1], data }]]) };
      const [last, best] = [join(folder, 'last'), join(folder, 'best')];
      const messageOf = (saved: Promise<unknown>): Promise<string> =>
        saved.then(
          () => 'saved',
          (error: unknown) => {
            expect(error).toBeInstanceOf(UnavailableError);
            return (error as Error).message;
          },
        );
      const resume = `Free some space, then run:\npnpm --filter trainer start resume ${dirname(folder)}`;
      const none = `No checkpoint of this run has been written yet: training starts again at epoch 1. ${resume}`;
      expect(await messageOf(saveCheckpoint(last, failing))).toBe(
        `No space left on the disk for a checkpoint in ${last}. ${none}`,
      );
      expect(await messageOf(saveCheckpoint(best, failing, { resumesFrom: last }))).toBe(
        `No space left on the disk for a checkpoint in ${best}. ${none}`,
      );
      const path = await saveCheckpoint(last, checkpoint(1));
      const remedy = `The checkpoint ${path} is unchanged. ${resume}`;
      expect(await messageOf(saveCheckpoint(last, failing))).toContain(remedy);
      expect(await messageOf(saveCheckpoint(best, failing, { resumesFrom: last }))).toContain(
        remedy,
      );
      expect(await readdir(last)).toEqual(['00000001-step-1']);
      expect((await loadCheckpoint(last))!.checkpoint.progress.step).toBe(1);
    },
  );

  describe('with a damaged newest checkpoint', () => {
    const damage: [string, (path: string) => Promise<void>, RegExp][] = [
      [
        'a flipped bit',
        async (path) => flip(join(path, 'weights.safetensors')),
        /weights\.safetensors is damaged/,
      ],
      [
        'a flipped bit in the state',
        async (path) => flip(join(path, 'state.json')),
        /state\.json is damaged/,
      ],
      [
        'a file cut short',
        (path) => truncate(join(path, 'optimizer.safetensors'), 100),
        /100 bytes instead of/,
      ],
      ['a missing file', (path) => rm(join(path, 'optimizer.safetensors')), /ENOENT/],
      ['no manifest', (path) => rm(join(path, 'manifest.json')), /ENOENT/],
      ['half a manifest', (path) => truncate(join(path, 'manifest.json'), 20), /JSON/],
      [
        'an empty folder',
        async (path) => rm(path, { recursive: true }).then(() => mkdir(path).then(() => undefined)),
        /ENOENT/,
      ],
      [
        'a manifest of a later version',
        (path) => writeFile(join(path, 'manifest.json'), '{"format":2,"files":{}}'),
        /format 2/,
      ],
    ];
    it.each(damage)(
      '%s: the one before it is used and the reason reported',
      async (_, hurt, reason) => {
        await saveCheckpoint(folder, checkpoint(1));
        const newest = await saveCheckpoint(folder, checkpoint(2));
        await hurt(newest);
        const loaded = await loadCheckpoint(folder);
        expect(loaded!.checkpoint.progress.step).toBe(1);
        expect(loaded!.skipped).toEqual([
          { path: newest, reason: expect.stringMatching(reason) as string },
        ]);
        await saveCheckpoint(folder, checkpoint(3));
        expect((await loadCheckpoint(folder))!.checkpoint.progress.step).toBe(3);
      },
    );

    it('and no older one: throws an error that names it', async () => {
      await flip(join(await saveCheckpoint(folder, checkpoint(1)), 'weights.safetensors'));
      await expect(loadCheckpoint(folder)).rejects.toThrow(
        /No valid checkpoint.*00000001-step-1.*damaged/,
      );
    });
  });
});

async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 2] ^= 1;
  await writeFile(file, bytes);
}
