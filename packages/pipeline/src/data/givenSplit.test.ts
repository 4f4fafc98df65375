import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { mergeOptions, type RawOptions } from '../config/mergeOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { testedPart } from '../inference/testedPart.js';
import { evaluateRun } from '../run/evaluateRun.js';
import { startRun } from '../run/startRun.js';
import { openRunData, openRunDataset } from './runData.js';

const root = await temporaryFolder('given-split');
const source = await imageFolder(join(root, 'source'), { images: 24 });

/** Images 0 to 15 for training, 16 to 23 for testing; `leak` puts image 0 into both. */
async function splitFolder(name: string, { leak = false } = {}): Promise<string> {
  const path = join(root, name);
  for (const part of ['train', 'test'])
    await cp(source, join(path, part), {
      recursive: true,
      filter: (file) => {
        const number = /image-(\d+)\.png$/.exec(file)?.[1];
        if (number === undefined || (leak && number === '0')) return true;
        return part === 'train' ? Number(number) < 16 : Number(number) >= 16;
      },
    });
  return path;
}

const configOf = (path: string, ...changes: readonly RawOptions[]): RunConfig =>
  parseRunConfig(
    mergeOptions(
      {
        data: { path, cacheFolder: null, workers: 0 },
        preprocessing: { size: 32, contrast: 'none' },
        model: { name: 'shufflenetv2', width: 0.5 },
        training: { epochs: 1, batchSize: 8 },
        loader: { workers: 0 },
        engine: { backend: process.env.NONLOCAL_MED_REQUIRE_NATIVE === '1' ? 'native' : 'auto' },
      },
      ...changes,
    ),
  );

const ids = (samples: readonly { readonly id: string }[]): string[] => samples.map(({ id }) => id);

describe('a run on a data set with a given split', () => {
  it('tests on the given test set, and takes the same validation images for every seed', async () => {
    const path = await splitFolder('plain');
    const open = (seed: number): ReturnType<typeof openRunData> =>
      openRunData(configOf(path, { seed, split: { validation: 0.25 } }));
    const first = await open(1);
    expect(ids(first.split.test)).toHaveLength(8);
    expect(ids(first.split.test).every((id) => id.startsWith('test/'))).toBe(true);
    expect(first.split.validation).toHaveLength(4);
    expect(ids((await open(2)).split.validation)).toEqual(ids(first.split.validation));
    const other = await openRunData(configOf(path, { split: { validation: 0.25, seed: 5 } }));
    expect(ids(other.split.validation)).not.toEqual(ids(first.split.validation));
    expect(first.notes.join('\n')).toContain(
      'The given split has no validation set: 4 of its 16 training images are used as one',
    );
  });

  it('refuses folds and leaks', async () => {
    const path = await splitFolder('leaking', { leak: true });
    await expect(openRunData(configOf(path))).rejects.toThrow(
      '1 identical image is in more than one part of the split given by the folders test and train',
    );
    await expect(
      openRunData(configOf(path, { data: { allowLeaks: true }, split: { folds: 4 } })),
    ).rejects.toThrow('split.folds: got 4, but the data set comes with its own split');
  });

  it('records what gives the split and the leaks that were allowed, and reproduces its test', async () => {
    const path = await splitFolder('recorded', { leak: true });
    const folder = join(root, 'run');
    const notes: string[] = [];
    const { metrics } = await startRun(configOf(path, { data: { allowLeaks: true } }), {
      folder,
      onNote: (note) => notes.push(note),
    });
    expect(metrics?.images).toEqual({ train: 14, validation: 2, test: 9 });
    const { data } = JSON.parse(await readFile(join(folder, 'environment.json'), 'utf8')) as {
      data: { givenSplit: unknown; notes: readonly string[]; cautions: readonly string[] };
    };
    const id = (part: string): string => `${part}/none/image-0.png`;
    expect(data.givenSplit).toEqual({
      source: 'the folders test and train',
      leaks: [
        {
          kind: 'image',
          name: id('test'),
          images: { training: [id('train')], test: [id('test')] },
        },
      ],
    });
    const leak = expect.stringContaining(
      'The given split leaks, which --allow-leaks permits: 1 identical image is in more than one part of it, so results are likely too good',
    ) as string;
    expect(data.notes).toContainEqual(leak);
    expect(notes).toContainEqual(leak);
    expect(data.cautions).toEqual([leak]);
    expect(await evaluateRun({ folder })).toMatchObject({ reproduced: true, cautions: [leak] });
  });

  it('is tested by models from elsewhere on its test set only', async () => {
    const path = await splitFolder('elsewhere');
    const dataset = await openRunDataset(configOf(path).data);
    const notes: string[] = [];
    const { samples } = testedPart(dataset, (note) => notes.push(note));
    expect(ids(samples)).toEqual(ids(dataset.samples).filter((id) => id.startsWith('test/')));
    expect(notes).toEqual([
      'Only the test set of the given split is tested, 8 of 24 images (--given-split ignore tests all).',
    ]);
  });
});
