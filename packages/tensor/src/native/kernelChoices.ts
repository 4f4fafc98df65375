import * as tf from '@tensorflow/tfjs-core';

/** Which kernel computes an operation at a shape: by operation and shape, the kernel's short name. Plain JSON. */
export type KernelChoices = Readonly<Record<string, string>>;

/** How kernels that are not in the table yet are chosen. */
export interface ChoiceOptions {
  /**
   * `true`: a short measurement at the first use of a shape; fastest on this machine, and two runs may choose, and so
   * round, differently unless the second is given the first one's table. Default: a fixed order of preference.
   */
  readonly measure?: boolean;
}

const ROUNDS = 3;
/** Another kernel must be this much faster than the preferred one, so that noise does not decide. */
const GAIN = 0.95;

const table = new Map<string, string>();
let measuring = false;

/** The choices made so far, to be kept with a run so that it can be continued to the bit. */
export function kernelChoices(): KernelChoices {
  return Object.fromEntries(table);
}

/** Replaces the table of choices, for example by that of a recorded run. `{}` forgets all. */
export function setKernelChoices(choices: KernelChoices, { measure = measuring }: ChoiceOptions = {}): void {
  table.clear();
  Object.entries(choices).forEach(([key, name]) => table.set(key, name));
  measuring = measure;
}

/**
 * Computes one result by one of several equal ways, and remembers which.
 * @param key operation and shape
 * @param candidates by short name, the preferred one first; one that throws is not chosen
 */
export function chooseKernel<Result extends tf.Tensor | tf.Tensor[]>(key: string, candidates: Readonly<Record<string, () => Result>>): Result {
  const names = Object.keys(candidates);
  if (names.length === 1) return candidates[names[0]]();
  const chosen = table.get(key);
  if (chosen !== undefined && chosen in candidates) return candidates[chosen]();
  const name = measuring ? fastest(candidates) : firstThatRuns(candidates);
  table.set(key, name);
  return candidates[name]();
}

function firstThatRuns(candidates: Readonly<Record<string, () => tf.TensorContainer>>): string {
  let fault: unknown;
  for (const [name, run] of Object.entries(candidates)) {
    try {
      tf.tidy(() => void run());
      return name;
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

function fastest(candidates: Readonly<Record<string, () => tf.TensorContainer>>): string {
  const preferred = firstThatRuns(candidates);
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(candidates)) {
      const duration = best.get(name) === Infinity ? Infinity : timed(run);
      best.set(name, Math.min(best.get(name) ?? Infinity, duration));
    }
  }
  const [name, duration] = [...best].reduce((a, b) => (b[1] < a[1] ? b : a));
  return duration < best.get(preferred)! * GAIN ? name : preferred;
}

/** Milliseconds; infinitely many where the kernel refuses the shape. */
function timed(run: () => tf.TensorContainer): number {
  const start = performance.now();
  try {
    tf.tidy(() => void run());
  } catch {
    return Infinity;
  }
  return performance.now() - start;
}
