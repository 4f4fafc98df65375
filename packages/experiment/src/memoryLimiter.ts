import { freemem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** Memory that a run is assumed to need until one has reported its memory, in bytes. */
const ASSUMED_BYTES = 1.5 * 2 ** 30;
/** Factor on the memory of the largest run, as a safety margin. */
const MARGIN = 1.2;
/** Time after which a run has allocated its memory, in milliseconds; until then its memory counts as still to come. */
const SETTLING = 60_000;

/** Admits concurrent runs only while there is memory for them. */
export interface MemoryLimiter {
  /** Records the peak memory of a run so far, in bytes. */
  observe(residentBytes: number): void;
  /** Resolves when another run may start; at once if no run is active. */
  acquire(signal?: AbortSignal): Promise<void>;
  /** Ends the admission of a run. */
  release(): void;
}

/**
 * Creates a limiter.
 * @param options.onWait called once, when a run has to wait for the first time, with needed and available bytes
 */
export function createMemoryLimiter({
  onWait,
  availableBytes = readAvailableMemory,
  pollMilliseconds = 5000,
  settlingMilliseconds = SETTLING,
}: {
  readonly onWait?: (needed: number, available: number) => void;
  readonly availableBytes?: () => number;
  readonly pollMilliseconds?: number;
  readonly settlingMilliseconds?: number;
} = {}): MemoryLimiter {
  let largest = 0;
  let active = 0;
  let reported = false;
  let startTimes: number[] = [];
  const neededBytes = (): number => {
    startTimes = startTimes
      .slice(-active)
      .filter((time) => performance.now() - time < settlingMilliseconds);
    return MARGIN * (largest === 0 ? ASSUMED_BYTES : largest) * (1 + startTimes.length);
  };
  return {
    observe(residentBytes) {
      largest = Math.max(largest, residentBytes);
    },
    async acquire(signal) {
      while (active > 0) {
        const [needed, available] = [neededBytes(), availableBytes()];
        if (available >= needed) break;
        if (!reported) onWait?.(needed, available);
        reported = true;
        await wait(pollMilliseconds, undefined, { signal });
      }
      active++;
      startTimes.push(performance.now());
    },
    release() {
      active--;
    },
  };
}

/** Memory available to a new process: free or reclaimable, within the limits of a container. */
export function readAvailableMemory(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return availableMemory?.call(process) ?? freemem();
}
