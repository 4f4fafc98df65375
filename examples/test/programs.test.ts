import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageFolder } from '@nonlocal-med/testing';
import { expect, it } from 'vitest';

const examples = fileURLToPath(new URL('../', import.meta.url));
const run = (...parameters: string[]): string =>
  execFileSync(process.execPath, parameters, {
    cwd: examples,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

it('trains on a folder, tests, and leaves a model', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  await imageFolder(join(folder, 'images'), { images: 40 });
  const printed = run('train-on-a-folder.mjs', join(folder, 'images'), join(folder, 'run'), '1');
  expect(printed).toMatch(/^epoch 1: loss \d\.\d{3}$/m);
  expect(printed).toMatch(/^AUC [01]\.\d\d(?: \(95 % CI .* to .*\))? on \d+ test images$/m);
  expect(existsSync(join(folder, 'run/model/model.json'))).toBe(true);
});

it('trains a model with attention that finds small dots', () => {
  const [, accuracy] =
    /accuracy on new images: (\S+)/.exec(run('attention-in-your-model.mjs')) ?? [];
  expect(Number(accuracy)).toBeGreaterThan(0.9);
});

it('prints the metrics of a CSV file', () => {
  const printed = run('metrics-of-a-csv.mjs');
  expect(printed).toContain('60 samples of 3 classes');
  expect(printed).toMatch(/^auc +0\.\d{3} 95 % CI 0\.\d{3} to 0\.\d{3}$/m);
  expect(printed).toMatch(/^sensitivity +\d\.\d{3} 95 % CI/m);
});
