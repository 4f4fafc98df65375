import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAtomic } from './atomicFiles.js';
import { withLock } from './withLock.js';

describe('writeAtomic', () => {
  it('writes text and bytes, makes folders and leaves nothing beside the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const file = join(folder, 'a/b/file.bin');
    await writeAtomic(file, 'text');
    await writeAtomic(file, new Uint8Array([1, 2, 3]).subarray(1));
    expect([...(await readFile(file))]).toEqual([2, 3]);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['file.bin']);
  });
});

describe('withLock', () => {
  it('lets one action in at a time and releases after a failure', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lock-'));
    let inside = 0;
    let most = 0;
    const action = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all([
      withLock(folder, action),
      withLock(folder, action),
      withLock(folder, action),
    ]);
    expect(most).toBe(1);
    await expect(withLock(folder, () => Promise.reject(new Error('inside')))).rejects.toThrow(
      'inside',
    );
    await expect(withLock(folder, () => Promise.resolve('free'))).resolves.toBe('free');
  });

  it('gives up when the wait is over, and at once where nothing can be written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lock-'));
    await withLock(folder, async () => {
      await expect(
        withLock(folder, () => Promise.resolve(), { waitMilliseconds: 0 }),
      ).rejects.toMatchObject({ code: 'ELOCKED' });
    });
    const file = join(folder, 'file');
    await writeAtomic(file, '');
    await expect(withLock(join(file, 'inside'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
  });

  it("says afterwards that the lock was lost, without ending the process; the action's own error comes first", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lock-'));
    const lose = async (): Promise<void> => {
      await rm(`${folder}.lock`, { recursive: true });
      await new Promise((resolve) => setTimeout(resolve, 1500));
    };
    await expect(withLock(folder, lose, { staleMilliseconds: 2000 })).rejects.toThrow(
      'was lost while it was held',
    );
    await expect(
      withLock(folder, () => lose().then(() => Promise.reject(new Error('inside'))), {
        staleMilliseconds: 2000,
      }),
    ).rejects.toThrow('inside');
    await expect(withLock(folder, () => Promise.resolve('free'))).resolves.toBe('free');
  });
});
