import { freemem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** Memory that a run is taken to need before any has told, bytes. */
const UNKNOWN = 1.5 * 2 ** 30;
/** What is left free beside the largest run seen. */
const MARGIN = 1.2;
/** A run has taken the memory that it needs after so long, milliseconds; until then it counts as still to take it. */
const SETTLING = 60_000;

/** Lets runs begin beside others only while there is memory for them. */
export interface MemoryLimiter {
  /** Peak so far of a run's process, bytes. */
  observe(residentBytes: number): void;
  /** Resolves when another run may begin; at once where none is going on. */
  enter(signal?: AbortSignal): Promise<void>;
  leave(): void;
}

/** @param onWait called once when a run has to wait: bytes needed and bytes available. */
export function createMemoryLimiter({
  onWait,
  availableBytes = available,
  pollMilliseconds = 5000,
  settlingMilliseconds = SETTLING,
}: {
  readonly onWait?: (needed: number, available: number) => void;
  readonly availableBytes?: () => number;
  readonly pollMilliseconds?: number;
  readonly settlingMilliseconds?: number;
} = {}): MemoryLimiter {
  let largest = 0;
  let inside = 0;
  let said = false;
  let begun: number[] = [];
  const needed = (): number => {
    begun = begun.slice(-inside).filter((time) => performance.now() - time < settlingMilliseconds);
    return MARGIN * (largest === 0 ? UNKNOWN : largest) * (1 + begun.length);
  };
  return {
    observe: (residentBytes) => void (largest = Math.max(largest, residentBytes)),
    async enter(signal) {
      while (inside > 0) {
        const [wanted, bytes] = [needed(), availableBytes()];
        if (bytes >= wanted) break;
        if (!said) onWait?.(wanted, bytes);
        said = true;
        await wait(pollMilliseconds, undefined, { signal });
      }
      inside++;
      begun.push(performance.now());
    },
    leave: () => void inside--,
  };
}

/** Memory that a new process may have: what is free or can be freed, within the limits of a container. */
function available(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return availableMemory?.call(process) ?? freemem();
}
