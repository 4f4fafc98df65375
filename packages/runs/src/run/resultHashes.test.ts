import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { damagedResults, RESULT_HASHES_FILE, writeResultHashes } from './resultHashes.js';

const root = await temporaryFolder('result-hashes');
let folder = '';
let count = 0;

beforeEach(async () => {
  folder = join(root, `run-${count++}`);
  await mkdir(join(folder, 'model'), { recursive: true });
  await mkdir(join(folder, 'predictions'));
  for (const [file, text] of [
    ['config.yaml', 'seed: 1\n'],
    ['model/weights.bin', 'weights'],
    ['predictions/test-last.csv', 'id,label,a,b\n'],
    ['metrics.json', '{}\n'],
    ['report.html', 'not a result'],
  ])
    await writeFile(join(folder, file), text);
  await writeResultHashes(folder, '{}\n');
});

describe('the hashes of results', () => {
  it('cover what the run wrote, in the form of sha256sum', async () => {
    const text = await readFile(join(folder, RESULT_HASHES_FILE), 'utf8');
    expect(text.split('\n').map((line) => line.slice(66))).toEqual([
      'config.yaml',
      'model/weights.bin',
      'predictions/test-last.csv',
      'metrics.json',
      '',
    ]);
    // printf 'weights' | sha256sum
    expect(text).toContain(
      '9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c  model/weights.bin',
    );
  });

  it.runIf(process.platform === 'linux')('are those that sha256sum finds', () => {
    const output = execFileSync('sha256sum', ['--check', RESULT_HASHES_FILE], { cwd: folder });
    expect(output.toString().match(/: OK$/gm)).toHaveLength(4);
  });

  it('find results that were changed, cut off or lost, also after they were hashed before', async () => {
    expect(await damagedResults(folder)).toEqual([]);
    await writeFile(join(folder, 'model/weights.bin'), 'weight');
    expect(await damagedResults(folder)).toEqual(['model/weights.bin']);
    await writeFile(join(folder, 'model/weights.bin'), 'weights');
    await rm(join(folder, 'predictions/test-last.csv'));
    await writeFile(join(folder, 'report.html'), 'may change');
    expect(await damagedResults(folder)).toEqual(['predictions/test-last.csv']);
  });

  it('are not asked of a run of an earlier version', async () => {
    await rm(join(folder, RESULT_HASHES_FILE));
    expect(await damagedResults(folder)).toEqual([]);
  });
});
