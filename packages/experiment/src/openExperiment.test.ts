import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeOptions, type RawOptions } from '@nonlocal-med/pipeline';
import { createRunFolder } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { openExperiment } from './openExperiment.js';
import { planExperiment } from './planExperiment.js';
import { prepareExperiment } from './prepareExperiment.js';
import { tinyExperiment, tinyOptions } from './testing/tinyExperiment.js';

const root = await temporaryFolder('open-experiment');

const open = async (folder: string, options: RawOptions = {}): Promise<void> => {
  const plan = planExperiment(tinyExperiment, mergeOptions(tinyOptions, options));
  await openExperiment(folder, plan, await prepareExperiment(plan));
};

/** An experiment with one run that was started with `planned`, and recorded `stored` and what it decided. */
async function started(
  name: string,
  planned: RawOptions,
  { stored = {}, decided }: { readonly stored?: RawOptions; readonly decided?: string[] },
): Promise<string> {
  const folder = join(root, name);
  await open(folder, planned);
  const options = mergeOptions(tinyOptions, planned, stored);
  const [run] = planExperiment(tinyExperiment, options).runs;
  await createRunFolder(join(folder, run.folder), {
    config: run.config,
    environment: { decided },
  });
  return folder;
}

/** Of an option: how it is left to the run, its value in the run, and its name in messages. */
const options: readonly (readonly [left: RawOptions, value: RawOptions, path: string])[] = [
  [{ augmentation: 'auto' }, { augmentation: 'fundus' }, 'augmentation'],
  [
    { training: { precision: 'auto' } },
    { training: { precision: 'float32' } },
    'training.precision',
  ],
  [{}, { training: { dropLast: true } }, 'training.dropLast'],
  [{}, { preprocessing: { values: { window: 'percentile' } } }, 'preprocessing.values'],
];

describe('openExperiment', () => {
  it.each(options)(
    'continues runs that decided what %j leaves to them',
    async (left, stored, path) => {
      const folder = await started(`left-${path}`, left, { stored, decided: [path] });
      await open(folder, left);
      const former = await started(`former-${path}`, left, { stored });
      await open(former, left); // earlier versions did not record it
    },
  );

  it.each(options)(
    'refuses %j for runs that were started with a value',
    async (left, value, path) => {
      const folder = await started(`given-${path}`, value, { decided: [] });
      await open(folder, value);
      const definition = await readFile(join(folder, 'experiment.yaml'), 'utf8');
      await expect(open(folder, left)).rejects.toThrow(`repeat-1: was started with ${path} `);
      expect(await readFile(join(folder, 'experiment.yaml'), 'utf8')).toBe(definition);
    },
  );

  it('refuses another value than the run decided', async () => {
    const [[left, stored]] = options;
    const folder = await started('other', left, { stored, decided: ['augmentation'] });
    await expect(open(folder, { augmentation: 'xray' })).rejects.toThrow('augmentation.');
  });

  it('continues where it was killed before the manifest, and replaces no other definition', async () => {
    const folder = join(root, 'killed');
    await open(folder);
    const definition = await readFile(join(folder, 'experiment.yaml'), 'utf8');
    await rm(join(folder, 'experiment.json'));
    await open(folder);
    expect(await readFile(join(folder, 'experiment.yaml'), 'utf8')).toBe(definition);

    const own = join(root, 'own');
    await mkdir(own);
    await writeFile(join(own, 'experiment.yaml'), `# mine\n${definition}`);
    await expect(open(own)).rejects.toThrow('is not an experiment: it contains experiment.yaml');
  });
});
