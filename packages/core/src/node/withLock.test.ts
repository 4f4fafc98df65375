import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeAtomic } from './atomicFiles.js';
import { withLock } from './withLock.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lock-'))));

describe('withLock', () => {
  it('runs one action at a time', async () => {
    let running = 0;
    let mostRunning = 0;
    const action = async (): Promise<void> => {
      mostRunning = Math.max(mostRunning, ++running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running--;
    };
    await Promise.all([
      withLock(folder, action),
      withLock(folder, action),
      withLock(folder, action),
    ]);
    expect(mostRunning).toBe(1);
  });

  it('releases the lock after a failure', async () => {
    await expect(withLock(folder, () => Promise.reject(new Error('inside')))).rejects.toThrow(
      'inside',
    );
    await expect(withLock(folder, () => Promise.resolve('free'))).resolves.toBe('free');
  });

  it('gives up when the wait is over', async () => {
    await withLock(folder, async () => {
      await expect(
        withLock(folder, () => Promise.resolve(), { waitMilliseconds: 0 }),
      ).rejects.toMatchObject({ code: 'ELOCKED' });
    });
  });

  it('fails at once when the folder cannot be written', async () => {
    const file = join(folder, 'file');
    await writeAtomic(file, '');
    await expect(withLock(join(file, 'inside'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
  });

  describe('when the lock is lost meanwhile', () => {
    const loseLock = async (): Promise<void> => {
      await rm(`${folder}.lock`, { recursive: true });
      await new Promise((resolve) => setTimeout(resolve, 1500));
    };

    it('rejects after the action, without ending the process', async () => {
      await expect(withLock(folder, loseLock, { staleMilliseconds: 2000 })).rejects.toThrow(
        'was lost while it was held',
      );
      await expect(withLock(folder, () => Promise.resolve('free'))).resolves.toBe('free');
    });

    it("rejects with the action's own error if it has one", async () => {
      await expect(
        withLock(folder, () => loseLock().then(() => Promise.reject(new Error('inside'))), {
          staleMilliseconds: 2000,
        }),
      ).rejects.toThrow('inside');
    });
  });
});
