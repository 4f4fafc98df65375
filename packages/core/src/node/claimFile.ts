import { randomInt, randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { InputError, UnavailableError } from '../errors.js';
import { writeAtomic } from './atomicFiles.js';
import {
  type ClaimOwner,
  ownerState,
  parseOwner,
  sharesProcesses,
  thisProcess,
} from './claimOwner.js';
import { readRegularFile } from './files.js';
import { withLock } from './withLock.js';

/** A claim of which it is unknown whether its process lives is taken over when it was not renewed for this long. */
const STALE_MILLISECONDS = 15 * 60_000;
const RENEW_MILLISECONDS = 60_000;

const held = new Set<string>();

/** Exclusive ownership of a piece of work by this process. */
export interface Claim {
  /**
   * Shows other processes that this one is alive. Call it at least every ten minutes; more frequent calls cost nothing.
   * @throws UnavailableError when the claim is lost; see {@link Claim.check}.
   */
  renew(): Promise<void>;
  /**
   * Call it before writing what the claim protects.
   * @throws UnavailableError when the claim is lost: this process was suspended for so long that another one took it
   * over, or its file was removed.
   */
  check(): Promise<void>;
  /** Gives the work up, so that another process can claim it. */
  release(): Promise<void>;
}

/**
 * Claims a piece of work that takes hours, with a file that names the process. The claim of a dead process is taken over:
 * at once if it ran on this machine (and, in containers, in the same PID namespace) or was an earlier start of the same
 * Slurm job, after 15 minutes without renewal otherwise. No timer renews a claim, because a single step may block the
 * event loop for longer than the locks of {@link withLock} last.
 * @param options.lockFolder locked briefly while the claim changes hands; created if missing
 * @returns the claim, or the process that holds it
 * @throws InputError when the file exists and does not name a process.
 */
export async function claimFile(
  file: string,
  { lockFolder }: { readonly lockFolder: string },
): Promise<{ readonly claim: Claim } | { readonly holder: ClaimOwner }> {
  const owner = thisProcess(randomUUID());
  const holder = await withLock(lockFolder, async () => {
    const text = await readClaim(file);
    if (text !== null && parseOwner(text) === null)
      throw new InputError({
        path: file,
        message: `does not name the process that works here: ${JSON.stringify(text.slice(0, 100))}`,
        hint: 'delete the file if no other process works in this folder',
      });
    const other = await claimHolder(file);
    if (other !== null) return other;
    await writeAtomic(file, JSON.stringify(owner));
    held.add(owner.token);
    return null;
  });
  return holder === null ? { claim: heldClaim(file, owner) } : { holder };
}

/** The process that holds a claim, as far as is known; null when there is none, or the file does not name it. */
export async function claimHolder(file: string): Promise<ClaimOwner | null> {
  const owner = parseOwner((await readClaim(file)) ?? '');
  if (owner === null) return null;
  const self = thisProcess(owner.token);
  if (owner.pid === self.pid && sharesProcesses(owner, self))
    return held.has(owner.token) ? owner : null;
  const state = ownerState(owner);
  if (state === 'unknown') return (await isStale(file)) ? null : owner;
  return state === 'alive' ? owner : null;
}

function heldClaim(file: string, owner: ClaimOwner): Claim {
  let renewed = performance.now();
  const isOwn = (text: string | null): boolean => parseOwner(text ?? '')?.token === owner.token;
  const refuse = (text: string | null): never => {
    const other = parseOwner(text ?? '');
    throw new UnavailableError(
      `${file} no longer names this process: ${other === null ? 'it was removed or changed' : `process ${other.pid} on ${other.host} works here now`}. This process stops without writing anything more.`,
    );
  };
  return {
    async check() {
      const text = await readClaim(file);
      if (!isOwn(text)) refuse(text);
    },
    async renew() {
      if (performance.now() - renewed < RENEW_MILLISECONDS) return;
      const text = await touch(file, isOwn);
      if (!isOwn(text)) refuse(text);
      renewed = performance.now();
    },
    async release() {
      held.delete(owner.token);
      if (isOwn(await readClaim(file))) await rm(file, { force: true });
    },
  };
}

/**
 * Writes a file's content again, so that its time comes from the clock of the file system, which all machines share. A
 * claim that takes its place meanwhile is another file and is not touched.
 * @param accepts whether the content is to be written again
 * @returns the content; null without a file
 */
async function touch(file: string, accepts: (text: string) => boolean): Promise<string | null> {
  const handle = await open(file, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const text = await handle.readFile('utf8');
    if (accepts(text)) await handle.write(text, 0);
    return text;
  } finally {
    await handle.close();
  }
}

/** Whether a claim was not renewed for long, by the clock of the file system. */
async function isStale(file: string): Promise<boolean> {
  const now = await fileSystemTime(file);
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: -Infinity }));
  return now - mtimeMs >= STALE_MILLISECONDS;
}

/** The time of the file system, which stamps a new file; this machine's own where it may not write there. */
async function fileSystemTime(file: string): Promise<number> {
  const probe = `${file}.${randomInt(2 ** 48 - 1)}`;
  try {
    const handle = await open(probe, 'wx');
    const { mtimeMs } = await handle.stat().finally(() => handle.close());
    return mtimeMs;
  } catch {
    return Date.now();
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

async function readClaim(file: string): Promise<string | null> {
  try {
    return await readRegularFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
