import * as tf from '@tensorflow/tfjs-core';

/**
 * Interchangeable ways to compute one result, by short name, the preferred one first. A candidate may throw if it does not
 * support a shape.
 */
export type KernelCandidates<Result extends tf.Tensor | tf.Tensor[] = tf.Tensor | tf.Tensor[]> =
  Readonly<Record<string, () => Result>>;

const ROUNDS = 3;
/** A call is repeated for at least this many milliseconds, because the clock of processor time is coarse. */
const MIN_MILLISECONDS = 2;
/** Another kernel must take at most this share of the preferred one's time, so that noise does not decide. */
const MAX_TIME_RATIO = 0.9;
/** It may use a little more processor time: wall time alone misleads while other programs use the processor. */
const MAX_PROCESSOR_TIME_RATIO = 1.15;
/** A kernel that is this many times slower in the first round is not measured again. */
const HOPELESS_RATIO = 3;

/** Shortest wall and processor time of one call, in milliseconds. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

/**
 * Measures a few calls of each candidate on this machine.
 * @returns the name of the fastest
 * @throws the error of the last candidate if none supports the shape
 */
export function fastestKernel(candidates: KernelCandidates): string {
  const preferred = firstSupportedKernel(candidates);
  const costs = new Map<string, Cost>([[preferred, measure(candidates[preferred])]]);
  for (const [name, run] of Object.entries(candidates)) {
    if (name !== preferred && isSupported(run)) costs.set(name, measure(run));
  }
  const contenders = [...costs.keys()].filter(
    (name) => costs.get(name)!.wall <= HOPELESS_RATIO * costs.get(preferred)!.wall,
  );
  if (contenders.length === 1) return preferred;
  for (let round = 1; round < ROUNDS; round++) {
    for (const name of contenders)
      costs.set(name, shorter(costs.get(name)!, measure(candidates[name])));
  }
  const reference = costs.get(preferred)!;
  return contenders
    .filter(
      (name) =>
        costs.get(name)!.wall < MAX_TIME_RATIO * reference.wall &&
        costs.get(name)!.processor <= MAX_PROCESSOR_TIME_RATIO * reference.processor,
    )
    .reduce(
      (best, name) => (costs.get(name)!.wall < costs.get(best)!.wall ? name : best),
      preferred,
    );
}

/**
 * The first candidate that supports the shape.
 * @throws the error of the last candidate if none does
 */
export function firstSupportedKernel(candidates: KernelCandidates): string {
  let lastError: unknown;
  for (const [name, run] of Object.entries(candidates)) {
    try {
      tf.tidy(() => void run());
      return name;
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

/** Whether a candidate supports the shape it is called with. */
export function isSupported(run: () => tf.TensorContainer): boolean {
  try {
    tf.tidy(() => void run());
    return true;
  } catch {
    return false;
  }
}

function measure(run: () => tf.TensorContainer): Cost {
  const [start, before] = [performance.now(), processorTime()];
  let calls = 0;
  do {
    tf.tidy(() => void run());
    calls++;
  } while (performance.now() - start < MIN_MILLISECONDS);
  return {
    wall: (performance.now() - start) / calls,
    processor: (processorTime() - before) / calls,
  };
}

function shorter(a: Cost, b: Cost): Cost {
  return { wall: Math.min(a.wall, b.wall), processor: Math.min(a.processor, b.processor) };
}

/** Milliseconds used by all threads. Kernels are only measured on native TensorFlow, and so in Node. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
