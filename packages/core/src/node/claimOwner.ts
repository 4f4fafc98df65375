import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that holds a claim. */
export interface ClaimOwner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, in the system's own count, where that can be told: a pid may be given out again. */
  readonly started?: string;
  /** Tells two claims of one process apart. */
  readonly token: string;
}

/** This process as the owner of a claim. */
export function describeOwner(token: string): ClaimOwner {
  return { host: hostname(), pid: process.pid, started: processStart(process.pid), token };
}

/** Whether the owner, a process on this machine, still runs. */
export function ownerRuns({ pid, started }: ClaimOwner): boolean {
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
