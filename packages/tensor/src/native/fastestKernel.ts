import * as tf from '@tensorflow/tfjs-core';

/** Least wall and processor time of one call, milliseconds. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

const ROUNDS = 3;
/** A call is repeated until so many milliseconds have passed: the clock of processor time is a coarse one. */
const SHORTEST = 2;
/** Another kernel must be this much faster than the preferred one, so that noise does not decide. */
const GAIN = 0.9;
/** And it may need so much more processor time: where other programs take the processor away, wall time alone misleads. */
const EXTRA_PROCESSOR_TIME = 1.15;
/** One that is this much slower at first is not tried again. */
const HOPELESS = 3;

/** The candidate that is fastest here, by a few calls of each. @throws what the last one threw where all refuse. */
export function fastestKernel(candidates: KernelCandidates): string {
  const preferred = firstSupportedKernel(candidates);
  const costs = new Map<string, Cost>([[preferred, costOf(candidates[preferred])]]);
  for (const [name, run] of Object.entries(candidates)) {
    if (name !== preferred && isSupported(run)) costs.set(name, costOf(run));
  }
  const hopeful = [...costs.keys()].filter(
    (name) => costs.get(name)!.wall <= HOPELESS * costs.get(preferred)!.wall,
  );
  if (hopeful.length === 1) return preferred;
  for (let round = 1; round < ROUNDS; round++) {
    for (const name of hopeful) costs.set(name, least(costs.get(name)!, costOf(candidates[name])));
  }
  const limit = costs.get(preferred)!;
  return hopeful
    .filter(
      (name) =>
        costs.get(name)!.wall < GAIN * limit.wall &&
        costs.get(name)!.processor <= EXTRA_PROCESSOR_TIME * limit.processor,
    )
    .reduce(
      (best, name) => (costs.get(name)!.wall < costs.get(best)!.wall ? name : best),
      preferred,
    );
}

function costOf(run: () => tf.TensorContainer): Cost {
  const [start, before] = [performance.now(), processorTime()];
  let calls = 0;
  do {
    tf.tidy(() => void run());
    calls++;
  } while (performance.now() - start < SHORTEST);
  return {
    wall: (performance.now() - start) / calls,
    processor: (processorTime() - before) / calls,
  };
}

const least = (a: Cost, b: Cost): Cost => ({
  wall: Math.min(a.wall, b.wall),
  processor: Math.min(a.processor, b.processor),
});

/** Of all threads, milliseconds. Kernels are chosen under Node only, where native TensorFlow runs. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most preferred kernel that does not refuse. @throws what the last one threw where all do. */
export function firstSupportedKernel(candidates: KernelCandidates): string {
  let issue: unknown;
  for (const [name, run] of Object.entries(candidates)) {
    try {
      tf.tidy(() => void run());
      return name;
    } catch (error) {
      issue = error;
    }
  }
  throw issue;
}

/** Whether a kernel computes what it is given, or refuses its shape. */
export function isSupported(run: () => tf.TensorContainer): boolean {
  try {
    tf.tidy(() => void run());
    return true;
  } catch {
    return false;
  }
}

/** Equal ways to one result by short name, the preferred one first; one may throw where it cannot compute a shape. */
export type KernelCandidates<Result extends tf.Tensor | tf.Tensor[] = tf.Tensor | tf.Tensor[]> =
  Readonly<Record<string, () => Result>>;
