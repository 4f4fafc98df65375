import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFolder, writeAtomic } from './atomicFiles.js';

describe('writeAtomic', () => {
  it('creates folders, replaces the file and leaves nothing else behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const file = join(folder, 'a/b/file.bin');
    await writeAtomic(file, 'text');
    expect(await readFile(file, 'utf8')).toBe('text');
    await writeAtomic(file, new Uint8Array([1, 2, 3]).subarray(1));
    expect([...(await readFile(file))]).toEqual([2, 3]);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['file.bin']);
  });
});

describe('replaceFolder', () => {
  const folderWith = async (parent: string, name: string): Promise<string> => {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'content'), name);
    return join(parent, name);
  };

  it('replaces an existing folder and keeps it aside', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'replace-'));
    const [source, target] = [await folderWith(parent, 'new'), await folderWith(parent, 'old')];
    await replaceFolder(source, target, join(parent, 'aside'));
    expect((await readdir(parent)).sort()).toEqual(['aside', 'old']);
    expect(await readFile(join(target, 'content'), 'utf8')).toBe('new');
    expect(await readFile(join(parent, 'aside', 'content'), 'utf8')).toBe('old');
  });

  it('moves the folder when there is none to replace', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'replace-'));
    await replaceFolder(
      await folderWith(parent, 'new'),
      join(parent, 'target'),
      join(parent, 'aside'),
    );
    expect(await readdir(parent)).toEqual(['target']);
  });
});
