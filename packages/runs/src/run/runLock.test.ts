import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFiles } from './runFiles.js';
import { lockHolder, lockRun } from './runLock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const lockFile = (): string => join(folder, runFiles.lock);

/** What a lock of this process says. */
async function ownClaim(): Promise<object> {
  const lock = await lockRun(folder);
  const text = await readFile(lockFile(), 'utf8');
  await lock.release();
  return JSON.parse(text) as object;
}

describe('lockRun', () => {
  it('locks a run for one holder at a time', async () => {
    const lock = await lockRun(folder);
    expect(await lockHolder(folder)).toMatchObject({ pid: process.pid, host: hostname() });
    await expect(lockRun(folder)).rejects.toThrow(UnavailableError);
    await expect(lockRun(folder)).rejects.toThrow(String(process.pid));
    await lock.release();
    expect(await lockHolder(folder)).toBeNull();
    await (await lockRun(folder)).release();
  });

  it('succeeds for exactly one of many simultaneous calls', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => lockRun(folder)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses the lock of a living process and takes over that of a dead one at once', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await writeFile(
      lockFile(),
      JSON.stringify({ ...(await ownClaim()), pid: child.pid, started: undefined }),
    );
    await expect(lockRun(folder)).rejects.toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await lockRun(folder);
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it.skipIf(process.platform !== 'linux')(
    'recognizes a reused pid by the start time of its process',
    async () => {
      await writeFile(
        lockFile(),
        JSON.stringify({ ...(await ownClaim()), pid: process.ppid, started: '1' }),
      );
      await (await lockRun(folder)).release();
    },
  );

  it('takes over from another machine only after 15 minutes without renewal', async () => {
    await writeFile(lockFile(), JSON.stringify({ host: 'elsewhere', pid: 1, token: 'other' }));
    await expect(lockRun(folder)).rejects.toThrow('elsewhere');
    const before = Date.now() / 1000 - 16 * 60;
    await utimes(lockFile(), before, before);
    await (await lockRun(folder)).release();
  });

  it('does not remove a lock that another process has taken over', async () => {
    const lock = await lockRun(folder);
    await writeFile(lockFile(), JSON.stringify({ host: 'elsewhere', pid: 1, token: 'other' }));
    await lock.release();
    expect(await lockHolder(folder)).toMatchObject({ host: 'elsewhere' });
  });
});
