import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { writeAtomic } from './atomicFiles.js';
import { withLock } from './withLock.js';

/** A claim from another machine that was not renewed for this long is taken over. */
const STALE_MILLISECONDS = 15 * 60_000;
const RENEW_MILLISECONDS = 60_000;

const held = new Set<string>();

/** Exclusive ownership of a piece of work by this process. */
export interface Claim {
  /** Call it at least every ten minutes; more frequent calls cost nothing. */
  renew(): Promise<void>;
  /** Gives the work up, so that another process can claim it. */
  release(): Promise<void>;
}

/**
 * Claims a piece of work that takes hours, with a file that names the process. The claim of a dead process is taken over:
 * at once if it ran on this machine, after 15 minutes without renewal if it ran on another one that shares the file
 * system. No timer renews a claim, because a single step may block the event loop for longer than the locks of
 * {@link withLock} last.
 * @param options.lockFolder locked briefly while the claim changes hands; created if missing
 * @returns the claim, or the live process that holds it
 */
export async function claimFile(
  file: string,
  { lockFolder }: { readonly lockFolder: string },
): Promise<{ readonly claim: Claim } | { readonly holder: ClaimOwner }> {
  const owner = describeOwner(randomUUID());
  const holder = await withLock(lockFolder, async () => {
    const other = await claimHolder(file);
    if (other !== null) return other;
    await writeAtomic(file, JSON.stringify(owner));
    held.add(owner.token);
    return null;
  });
  return holder === null ? { claim: heldClaim(file, owner) } : { holder };
}

/** The live process that holds a claim, or null. */
export async function claimHolder(file: string): Promise<ClaimOwner | null> {
  const owner = await readOwner(file);
  if (owner === null) return null;
  const self = describeOwner(owner.token);
  if (owner.host !== self.host) {
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Infinity,
    );
    return age < STALE_MILLISECONDS ? owner : null;
  }
  const alive = owner.pid === self.pid ? held.has(owner.token) : isRunning(owner);
  return alive ? owner : null;
}

function heldClaim(file: string, { token }: ClaimOwner): Claim {
  let renewed = Date.now();
  return {
    async renew() {
      const now = Date.now();
      if (now - renewed < RENEW_MILLISECONDS) return;
      renewed = now;
      await utimes(file, now / 1000, now / 1000);
    },
    async release() {
      held.delete(token);
      if ((await readOwner(file))?.token === token) await rm(file, { force: true });
    },
  };
}

async function readOwner(file: string): Promise<ClaimOwner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClaimOwner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError)
      return null;
    throw error;
  }
}

/** The process that holds a claim. */
export interface ClaimOwner {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in clock ticks since boot, where known: it tells a reused pid from the original. */
  readonly started?: string;
  /** Distinguishes the claims of one process. */
  readonly token: string;
}

/** This process as the owner of a claim. */
function describeOwner(token: string): ClaimOwner {
  return { host: hostname(), pid: process.pid, started: processStart(process.pid), token };
}

/** Whether the owner, a process on this machine, is still running. */
function isRunning({ pid, started }: ClaimOwner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === undefined || processStart(pid) === started;
}

/** Field 22 of Linux's /proc/PID/stat (clock ticks from boot to the process's start); undefined elsewhere. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
