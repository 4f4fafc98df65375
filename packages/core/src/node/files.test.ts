import { execFileSync } from 'node:child_process';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.js';
import { fileExists, hashFile, readInputFile, readRegularFile, sha256 } from './files.js';

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

describe('readRegularFile', () => {
  it('reads bytes and text, also through a link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'read-'));
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    await writeFile(file, 'ä');
    await symlink(file, link);
    expect([...(await readRegularFile(file))]).toEqual([0xc3, 0xa4]);
    expect(await readRegularFile(link, 'utf8')).toBe('ä');
    await expect(readRegularFile(join(folder, 'missing'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it.skipIf(process.platform === 'win32')(
    'refuses a named pipe, a device and a folder without waiting for them',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'read-'));
      const [pipe, zero] = [join(folder, 'pipe'), join(folder, 'zero.png')];
      execFileSync('mkfifo', [pipe]);
      await symlink('/dev/zero', zero);
      for (const [file, kind] of [
        [pipe, 'is a FIFO (named pipe)'],
        [zero, 'is a device'],
        [folder, 'is a folder'],
      ]) {
        const error: unknown = await readRegularFile(file).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).toContain(`${file}: ${kind}`);
        await expect(hashFile(file)).rejects.toThrow(InputError);
      }
    },
  );
});

describe('readInputFile', () => {
  it('reads a file, and says of one that it cannot read which it is, why, and what would be right', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'read-'));
    const file = join(folder, 'file');
    await writeFile(file, 'a');
    expect([...(await readInputFile(file))]).toEqual([97]);
    const missing = readInputFile(join(folder, 'missing'), 'the whole folder');
    await expect(missing).rejects.toThrow(InputError);
    await expect(missing).rejects.toThrow(
      `${join(folder, 'missing')}: there is no such file (the whole folder)`,
    );
    await expect(readInputFile(folder)).rejects.toThrow(`${folder}: is a folder`);
  });
});
