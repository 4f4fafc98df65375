import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  identifying,
  identifyingImages,
  identifyingIn,
} from '../../../packages/data/src/testing/identifyingImages.js';
import { startTrainer } from './testing/runTrainer.js';

const folder = mkdtempSync(join(tmpdir(), 'pseudonyms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes nothing that identifies a patient into the run folder, its page and its exported model', async () => {
  const images = join(folder, 'images');
  const run = join(folder, 'run');
  await identifyingImages(images);
  expect(await identifyingIn(images, images)).toHaveLength(32 * 14 + 2); // the search finds them
  const { code, stdout, stderr } = await startTrainer(folder, [
    ...['train', '--data', images, '--out', run, '--on-bad-image', 'skip', '--model', 'resnet18'],
    ...['--size', '48', '--epochs', '1', '--batch', '8', '--test', '0.25', '--validation', '0.25'],
  ]);
  expect(code, stderr).toBe(0);
  for (const part of ['report.html', 'environment.json', 'predictions', 'model', 'sheets'])
    expect(readdirSync(run)).toContain(part);
  expect(await identifyingIn(run, images)).toEqual([]);
  // What describes patients and devices without identifying anybody is kept for results by subgroup.
  const [header, ...rows] = readFileSync(join(run, 'predictions/test-attributes.csv'), 'utf8')
    .trim()
    .split('\n');
  expect(header).toBe('id,PatientSex,PatientAge,Manufacturer');
  expect(rows).toHaveLength(8);
  for (const row of rows) expect(row).toMatch(/^dicom-[0-9a-f]{16},[FM],90\+,GE MEDICAL SYSTEMS$/);
  // The terminal is the user's own, and says which files were left out.
  expect(stdout + stderr).toContain(`${identifying.fileName}-letter.txt`);
  expect(stdout + stderr).toContain(`healthy/${identifying.fileName}-broken.dcm`);
});
