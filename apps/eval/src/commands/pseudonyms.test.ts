import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, expect, it } from 'vitest';
import {
  identifying,
  identifyingImages,
  identifyingIn,
} from '../../../../packages/data/src/testing/identifyingImages.js';
import { startEval } from '../testing/runEval.js';

const folder = await temporaryFolder('eval-pseudonyms');
const images = join(folder, 'images');

/** What a command writes to the terminal, run as a user in the folder. */
async function evalProgram(...parameters: string[]): Promise<string> {
  const { code, stdout, stderr } = await startEval(folder, ...parameters);
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

beforeAll(async () => {
  await identifyingImages(images);
  const config = parseRunConfig({
    data: { path: images, cacheFolder: null, onBadImage: 'skip' },
    split: { test: 0.25, validation: 0.25 },
    preprocessing: { size: 48 },
    model: { name: 'shufflenetv2' },
    training: { epochs: 1, batchSize: 8 },
  });
  await startRun(config, { folder: join(folder, 'run') });
});

it('writes nothing that identifies a patient into results, explanations, figures and pages', async () => {
  await evalProgram('explain', 'run', '--images', '4');
  await evalProgram(
    'evaluate',
    'run',
    '--predictions',
    'results/own.csv',
    '--out',
    'results/own.json',
  );
  const other = ['--data', images, '--on-bad-image', 'skip', '--include-seen'];
  await evalProgram('evaluate', 'run/model', ...other, '--predictions', 'results/other.csv');
  await evalProgram('report', 'run', '--out', 'results/page.html');
  await evalProgram('figure', 'run', '--kind', 'roc', '--out', 'results/roc.svg');
  for (const part of ['run', 'results'])
    expect(await identifyingIn(join(folder, part), images)).toEqual([]);
  const rows = (await readFile(join(folder, 'results/other.csv'), 'utf8')).trim().split('\n');
  expect(rows).toHaveLength(33);
  for (const row of rows.slice(1)) expect(row).toMatch(/^dicom-[0-9a-f]{16},/);
});

it("keeps the user's own names in the predictions and overlays of the user's files", async () => {
  const file = join('images/disease', identifying.fileName, `${identifying.fileName}1`);
  await evalProgram('predict', 'run', file, '--csv', 'ward.csv', '--explain', 'overlays');
  expect(await readFile(join(folder, 'ward.csv'), 'utf8')).toContain(file);
  // Of the attributes of the file, nothing.
  const found = await identifyingIn(join(folder, 'overlays'), images);
  expect(found).toEqual([`fileName in ${identifying.fileName}1-grad-cam-plus-plus.png`]);
});
