import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputError, UnavailableError } from '../errors.js';
import { type Claim, claimFile, claimHolder } from './claimFile.js';
import { type ClaimOwner, thisProcess } from './claimOwner.js';
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

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Writes the claim of a process that differs from this one in the given respects. */
const writeOwner = (owner: Partial<ClaimOwner>): Promise<void> =>
  writeFile(file, JSON.stringify({ ...thisProcess('other'), ...owner }));

async function ageFile(minutes: number): Promise<void> {
  const seconds = Date.now() / 1000 - minutes * 60;
  await utimes(file, seconds, seconds);
}

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
    await ageFile(14);
    expect(await claim()).toBeUndefined();
    await ageFile(16);
    expect(await claim()).toBeDefined();
  });

  it.each<[string, Partial<ClaimOwner>]>([
    ['in another container', { pid: 2 ** 22 + 1, pidNamespace: 'pid:[1]' }],
    ['on a machine of the same name', { pid: 2 ** 22 + 1, boot: 'another-boot' }],
    ['whose start is not known', { pid: process.ppid, started: undefined }],
  ])('respects the claim of a process %s for 15 minutes', async (_, owner) => {
    await writeOwner(owner);
    expect(await claim()).toBeUndefined();
    await ageFile(16);
    expect(await claim()).toBeDefined();
  });

  it('takes over at once what an earlier start of the same Slurm job claimed on any machine', async () => {
    vi.stubEnv('SLURM_JOB_ID', '77');
    vi.stubEnv('SLURM_RESTART_COUNT', '1');
    await writeOwner({ host: 'node-2', slurmJob: '78', slurmRestarts: 0 });
    expect(await claim()).toBeUndefined();
    await writeOwner({ host: 'node-2', slurmJob: '77', slurmRestarts: 1 });
    expect(await claim()).toBeUndefined();
    await writeOwner({ host: 'node-2', slurmJob: '77', slurmRestarts: 0 });
    expect(await claim()).toBeDefined();
  });

  it('measures age by the clock of the file system, not by that of this machine', async () => {
    await writeOwner({ host: 'another-machine' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 3_600_000 });
    expect(await claim()).toBeUndefined();
    expect(await readdir(lockFolder)).toEqual(['run.claim']);
  });

  it.each(['', '{"host":', '{"host":"here"}', '{"host":"here","pid":-1,"token":"t"}', '[]'])(
    'refuses a file that does not name a process, and says which to delete: %s',
    async (text) => {
      await writeFile(file, text);
      const error: unknown = await claim().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toContain(file);
      expect((error as Error).message).toContain('delete the file');
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  it('does not remove a claim that another process has taken over', async () => {
    const lost = (await claim())!;
    await writeOwner({ host: 'another-machine' });
    await lost.release();
    expect(await claimHolder(file)).toMatchObject({ host: 'another-machine' });
  });
});

describe('Claim', () => {
  it('is renewed once a minute, by the clock of the file system', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const own = (await claim())!;
    const text = await readFile(file, 'utf8');
    await ageFile(10);
    const { mtimeMs } = await stat(file);
    vi.advanceTimersByTime(59_000);
    await own.renew();
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    vi.advanceTimersByTime(2000);
    await own.renew();
    expect((await stat(file)).mtimeMs).toBeGreaterThan(Date.now() - 60_000);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('says that it is lost when another process has taken it over, and leaves that claim alone', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const lost = (await claim())!;
    await lost.check();
    await writeOwner({ host: 'another-machine', pid: 7 });
    await ageFile(10);
    const { mtimeMs } = await stat(file);
    await expect(lost.check()).rejects.toThrow('process 7 on another-machine works here now');
    vi.advanceTimersByTime(61_000);
    await expect(lost.renew()).rejects.toThrow(UnavailableError);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('says that it is lost when its file was removed', async () => {
    const lost = (await claim())!;
    await rm(file);
    await expect(lost.check()).rejects.toThrow('it was removed');
  });
});

describe('claimHolder', () => {
  it('is null without a claim, and for a damaged file', async () => {
    expect(await claimHolder(file)).toBeNull();
    await writeFile(file, '{"host":');
    expect(await claimHolder(file)).toBeNull();
  });
});
