import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

const ownerSchema = z.object({
  host: z.string().min(1),
  pid: z.int().positive(),
  started: z.string().optional(),
  boot: z.string().optional(),
  pidNamespace: z.string().optional(),
  slurmJob: z.string().optional(),
  slurmRestarts: z.int().nonnegative().optional(),
  token: z.string().min(1),
});

/** The process that holds a claim. */
export interface ClaimOwner {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in clock ticks since boot, where known: it tells a reused pid from the original. */
  readonly started?: string;
  /** Which boot of which machine the process belongs to, where known: cloned machines may share a host name. */
  readonly boot?: string;
  /** The namespace in which the pid counts, where known: containers of one machine may share a host name. */
  readonly pidNamespace?: string;
  /** The Slurm job (each task of an array is one), if the process belongs to one. */
  readonly slurmJob?: string;
  /** How often Slurm had requeued that job. */
  readonly slurmRestarts?: number;
  /** Distinguishes the claims of one process. */
  readonly token: string;
}

/**
 * What is known about an owner from here. `unknown`: it runs where its pid means nothing here, or its pid may have been
 * given to another process.
 */
export type OwnerState = 'alive' | 'dead' | 'unknown';

/**
 * Reads the owner from the content of a claim.
 * @returns null when the text does not name a process
 */
export function parseOwner(text: string): ClaimOwner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not JSON
  }
}

/** This process as the owner of a claim. */
export function thisProcess(token: string): ClaimOwner {
  const { SLURM_JOB_ID: slurmJob, SLURM_RESTART_COUNT: restarts } = process.env;
  return {
    host: hostname(),
    pid: process.pid,
    started: processStart(process.pid),
    boot: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: tryRead(() => readlinkSync('/proc/self/ns/pid')),
    ...(slurmJob !== undefined && { slurmJob, slurmRestarts: Number(restarts ?? 0) }),
    token,
  };
}

/** Whether an owner, which is not this process, is still running. */
export function ownerState(owner: ClaimOwner): OwnerState {
  const self = thisProcess(owner.token);
  const requeued =
    owner.slurmJob !== undefined &&
    owner.slurmJob === self.slurmJob &&
    (owner.slurmRestarts ?? 0) < (self.slurmRestarts ?? 0);
  if (requeued) return 'dead'; // Slurm starts a job again only after it has ended
  if (!sharesProcesses(owner, self)) return 'unknown';
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'dead';
  }
  if (owner.started === undefined) return 'unknown';
  return processStart(owner.pid) === owner.started ? 'alive' : 'dead';
}

/** Whether an owner's pid means the same process here. */
export function sharesProcesses(owner: ClaimOwner, self: ClaimOwner): boolean {
  return (
    owner.host === self.host && owner.boot === self.boot && owner.pidNamespace === self.pidNamespace
  );
}

/** Field 22 of Linux's /proc/PID/stat (clock ticks from boot to the process's start); undefined elsewhere. */
function processStart(pid: number): string | undefined {
  return tryRead(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  });
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
