import { fork } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineInfo } from './engineInfo.js';
import { type KernelTable, openKernelTable } from './kernelTable.js';

const ENGINE: EngineInfo = {
  engine: 'native',
  reason: 'test',
  backend: 'tensorflow',
  tensorflow: '2.21.0',
  device: 'cpu',
  threads: 2,
  oneDnn: false,
  versions: {},
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-table-'));
  vi.stubEnv('NONLOCAL_MED_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function open(engine: Partial<EngineInfo> = {}, version = '1.0.0'): KernelTable {
  return openKernelTable({ ...ENGINE, ...engine }, version)!;
}

describe('openKernelTable', () => {
  it('keeps the first choice for a key, in this process and later ones', () => {
    const table = open();
    expect(table.get('a')).toBeUndefined();
    expect(table.settle('a', 'oneDnn')).toBe('oneDnn');
    expect(table.settle('a', 'plain')).toBe('oneDnn');
    expect(table.get('a')).toBe('oneDnn');
    expect(open().get('a')).toBe('oneDnn');
  });

  it('adopts what another process has written meanwhile', () => {
    const [first, second] = [open(), open()];
    first.settle('a', 'oneDnn');
    expect(second.get('a')).toBeUndefined();
    expect(second.settle('a', 'plain')).toBe('oneDnn');
    expect(second.get('a')).toBe('oneDnn');
  });

  it.each([
    ['threads', { threads: 1 }, '1.0.0'],
    ['TensorFlow', { tensorflow: '2.22.0' }, '1.0.0'],
    ['oneDNN', { oneDnn: true }, '1.0.0'],
    ['version', {}, '1.0.1'],
  ])('opens a separate table for another %s', (_, engine, version) => {
    open().settle('a', 'oneDnn');
    expect(open(engine, version).get('a')).toBeUndefined();
  });

  it.each([
    ['wasm', { engine: 'wasm' }],
    ['a GPU', { device: 'cuda' }],
  ] as const)('is null on %s', (_, engine) => {
    expect(openKernelTable({ ...ENGINE, ...engine }, '1')).toBeNull();
  });

  it('skips lines that are cut off, other JSON, or of other types', () => {
    const table = open();
    appendFileSync(table.file, '{"key":"a","kern');
    expect(table.settle('a', 'plain')).toBe('plain');
    appendFileSync(
      table.file,
      '\nnull\n7\n{"key":"b","kernel":4}\n{"key":"c","kernel":"product"}\n',
    );
    const again = open();
    expect(['a', 'b', 'c'].map((key) => again.get(key))).toEqual(['plain', undefined, 'product']);
  });

  it('describes its machine in the first line', () => {
    const lines = readFileSync(open().file, 'utf8').split('\n').filter(Boolean);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0])).toMatchObject({
      machine: {
        processor: expect.any(String),
        threads: 2,
        tensorflow: '2.21.0',
        version: '1.0.0',
      },
    });
    open();
    expect(readFileSync(open().file, 'utf8').split('\n').filter(Boolean)).toEqual(lines);
  });

  it('is null if its folder cannot be created, and chooses nothing once it is gone', () => {
    const table = open();
    rmSync(join(folder, 'engine'), { recursive: true });
    writeFileSync(join(folder, 'engine'), '');
    expect(table.settle('a', 'plain')).toBeUndefined();
    expect(openKernelTable(ENGINE, '1.0.0')).toBeNull();
  });

  it('gives the same kernels to several processes that choose at once', async () => {
    const program = fileURLToPath(new URL('../test/child/settleKernels.js', import.meta.url));
    const settled = await Promise.all(
      ['one', 'two', 'three', 'four'].map(
        (name) =>
          new Promise<unknown>((resolve, reject) => {
            const child = fork(program, [name, JSON.stringify(ENGINE)], {
              env: { ...process.env, NONLOCAL_MED_CACHE: folder },
            });
            child.on('message', resolve);
            child.on('exit', (code) => reject(new Error(`ended with ${code}`)));
          }),
      ),
    );
    expect(settled[0]).toHaveLength(50);
    for (const other of settled.slice(1)) expect(other).toEqual(settled[0]);
    expect(existsSync(open().file)).toBe(true);
  });
});
