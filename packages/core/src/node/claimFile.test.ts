import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Claim, claimFile, claimHolder, type ClaimOwner } from './claimFile.js';
import { fileExists } from './files.js';

let lockFolder: string;
let file: string;
beforeEach(async () => {
  lockFolder = await mkdtemp(join(tmpdir(), 'claim-'));
  file = join(lockFolder, 'run.claim');
});

async function claim(): Promise<Claim | undefined> {
  const result = await claimFile(file, { lockFolder });
  return 'claim' in result ? result.claim : undefined;
}

const writeOwner = (owner: Partial<ClaimOwner>): Promise<void> =>
  writeFile(file, JSON.stringify({ host: hostname(), pid: process.pid, token: 'other', ...owner }));

describe('claimFile', () => {
  it('claims unclaimed work, with a file that names this process', async () => {
    expect(await claim()).toBeDefined();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      host: hostname(),
      pid: process.pid,
    });
  });

  it('returns the holder while the claim is held', async () => {
    await claim();
    expect(await claimFile(file, { lockFolder })).toMatchObject({ holder: { pid: process.pid } });
  });

  it('claims the work again after its release', async () => {
    await (await claim())!.release();
    expect(await fileExists(file)).toBe(false);
    expect(await claim()).toBeDefined();
  });

  it('takes over the claim of a dead process on this machine', async () => {
    await writeOwner({ pid: spawnSync(process.execPath, ['--version']).pid });
    expect(await claim()).toBeDefined();
  });

  it('respects a claim from another machine until it has not been renewed for 15 minutes', async () => {
    await writeOwner({ host: 'another-machine' });
    expect(await claim()).toBeUndefined();
    const seconds = Date.now() / 1000 - 16 * 60;
    await utimes(file, seconds, seconds);
    expect(await claim()).toBeDefined();
  });

  it('does not remove a claim that another process has taken over', async () => {
    const lost = (await claim())!;
    await writeOwner({ host: 'another-machine' });
    await lost.release();
    expect(await claimHolder(file)).toMatchObject({ host: 'another-machine' });
  });
});

describe('claimHolder', () => {
  it('is null without a claim, and for a damaged file', async () => {
    expect(await claimHolder(file)).toBeNull();
    await writeFile(file, '{"host":');
    expect(await claimHolder(file)).toBeNull();
  });
});
