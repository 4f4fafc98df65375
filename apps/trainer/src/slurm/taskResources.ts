import type { SlurmResources } from './sbatchDirectives.js';

/** How much more memory than measured a task may take: training meets larger temporary tensors than a few steps do. */
const MEMORY_MARGIN = 1.3;
/** How much longer than estimated a task may run; at its time limit it is interrupted, and goes on later. */
const TIME_MARGIN = 1.5;
const MEBIBYTE = 2 ** 20;

/**
 * What a task asks for, from what was estimated: memory with a margin, rounded up to 100 MiB, and time with a margin.
 * @param estimate.residentBytes of the process that trains
 * @param estimate.parentBytes of the process that starts others for its runs
 */
export function taskResources({
  seconds,
  residentBytes,
  parentBytes = 0,
}: {
  readonly seconds: number;
  readonly residentBytes: number;
  readonly parentBytes?: number;
}): Required<SlurmResources> {
  const bytes = MEMORY_MARGIN * residentBytes + parentBytes;
  return {
    megabytes: 100 * Math.ceil(bytes / MEBIBYTE / 100),
    seconds: TIME_MARGIN * seconds,
  };
}
