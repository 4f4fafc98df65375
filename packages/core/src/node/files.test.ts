import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileExists, hashFile, sha256 } from './files.js';

// FIPS 180-2, appendix B.1
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('sha256', () => {
  it('hashes text and bytes', () => {
    expect(sha256('abc')).toBe(ABC);
    expect(sha256(new Uint8Array([0, 97, 98, 99]).subarray(1))).toBe(ABC);
  });
});

describe('hashFile', () => {
  it('hashes the content of a file', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'hash-')), 'abc');
    await writeFile(file, 'abc');
    expect(await hashFile(file)).toBe(ABC);
  });

  it('rejects when the file is missing', async () => {
    await expect(hashFile('/missing')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('fileExists', () => {
  it('is true for files and folders, false for missing paths and broken links', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exists-'));
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    expect(await fileExists(folder)).toBe(true);
    expect(await fileExists(join(folder, 'file'))).toBe(true);
    expect(await fileExists(join(folder, 'link'))).toBe(false);
    expect(await fileExists(join(folder, 'missing'))).toBe(false);
  });
});
