import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRunConfig } from '@nonlocal-med/pipeline';
import { afterAll, describe, expect, it } from 'vitest';
import { newRunFolder } from './newRunFolder.js';

const folder = mkdtempSync(join(tmpdir(), 'new-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = (data: Record<string, unknown>): ReturnType<typeof parseRunConfig> =>
  parseRunConfig({ data, model: { name: 'resnet18' } });

describe('newRunFolder', () => {
  it.each([
    [{ path: '/scans/chest-xray' }, 'chest-xray-resnet18-1'],
    [{ path: '/scans/labels v2.csv' }, 'labels-v2-resnet18-1'],
    [{ path: '/scans/release.2024' }, 'release.2024-resnet18-1'],
    [{ path: '/scans', name: 'Ward 3 / left' }, 'Ward-3-left-resnet18-1'],
    [{ path: '/scans/胸部' }, '胸部-resnet18-1'],
    [{ path: '/' }, 'data-resnet18-1'],
    [{ kind: 'tiny-lesions' }, 'tiny-lesions-resnet18-1'],
  ])('names the folder of %j %s', async (data, name) => {
    const parent = join(folder, 'names');
    expect(await newRunFolder(config(data), { parent })).toBe(join(parent, name));
  });

  it('has another name for a cross-validation', async () => {
    const parent = join(folder, 'folds');
    const folders = [false, true, true].map((folds) => ({ parent, folds }));
    const names = [];
    for (const options of folders) names.push(await newRunFolder(config({ path: '/x' }), options));
    expect(names).toEqual(
      ['x-resnet18-1', 'x-resnet18-folds-1', 'x-resnet18-folds-2'].map((name) =>
        join(parent, name),
      ),
    );
  });

  it('takes the number after the largest in use, also of files, and not that of other names', async () => {
    const parent = join(folder, 'numbers');
    for (const name of ['x-resnet18-2', 'x-resnet18-old', 'x-resnet18-nla-9', 'xx-resnet18-7'])
      mkdirSync(join(parent, name), { recursive: true });
    writeFileSync(join(parent, 'x-resnet18-3'), '');
    expect(await newRunFolder(config({ path: '/x' }), { parent })).toBe(
      join(parent, 'x-resnet18-4'),
    );
  });

  it('gives runs that start at once different folders', async () => {
    const parent = join(folder, 'together');
    const folders = await Promise.all(
      Array.from({ length: 8 }, () => newRunFolder(config({ path: '/x' }), { parent })),
    );
    expect(new Set(folders).size).toBe(8);
    expect(readdirSync(parent)).toHaveLength(8);
  });
});
