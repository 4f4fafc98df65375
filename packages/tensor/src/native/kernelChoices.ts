import type * as tf from '@tensorflow/tfjs-core';
import { inFloat32, isAutocast, toBfloat16 } from '../precision/autocast.js';
import {
  fastestKernel,
  firstSupportedKernel,
  isSupported,
  type KernelCandidates,
} from './fastestKernel.js';

/** Which kernel computes an operation at a shape: the kernel's short name by operation and shape. Plain JSON. */
export type KernelChoices = Readonly<Record<string, string>>;

/** How to choose a kernel that is not in the table yet. */
export interface ChoiceOptions {
  /**
   * `true` measures the candidates at the first use of each shape. This is fastest, but two runs may then choose different
   * kernels and round differently, unless they share `shared` or the second gets the first one's table. `false` uses a
   * fixed order of preference. Default: `false`.
   */
  readonly measure?: boolean;
  /** Choices shared by all processes of this machine, consulted before a measurement and updated after it. */
  readonly shared?: SharedChoices | null;
}

/**
 * Kernel choices that several processes share, so that runs with the same seed on one machine round alike. A choice that
 * has been settled for a key never changes.
 */
export interface SharedChoices {
  /** The kernel settled for the key; undefined if there is none yet. */
  readonly get: (key: string) => string | undefined;
  /**
   * Proposes a kernel for a key.
   * @returns the kernel that is settled from now on, the first that any process proposed; undefined if it cannot be shared
   */
  readonly settle: (key: string, kernel: string) => string | undefined;
}

const table = new Map<string, string>();
/** Keys whose choice has already run in this process. */
const verified = new Set<string>();
let generation = 0;
let settings: Required<ChoiceOptions> = { measure: false, shared: null };

/** A copy of the choices made so far. Stored with a run, it lets the run resume bit for bit. */
export function kernelChoices(): KernelChoices {
  return Object.fromEntries(table);
}

/** Replaces the choices, for example by those of a recorded run; `{}` clears them. Omitted options keep their value. */
export function setKernelChoices(choices: KernelChoices, options: ChoiceOptions = {}): void {
  generation++;
  table.clear();
  verified.clear();
  Object.entries(choices).forEach(([key, name]) => table.set(key, name));
  settings = { ...settings, ...options };
}

/** How often the choices were replaced. */
export function kernelChoicesGeneration(): number {
  return generation;
}

/**
 * Computes a result by one of several interchangeable kernels, and remembers which.
 * @param key operation and shape
 * @param candidates by short name, the preferred one first; one that throws is not chosen
 */
export function chooseKernel<Result extends tf.Tensor | tf.Tensor[]>(
  key: string,
  candidates: KernelCandidates<Result>,
): Result {
  const names = Object.keys(candidates);
  if (names.length === 1) return candidates[names[0]]();
  const recorded = table.get(key);
  if (recorded !== undefined && verified.has(key) && Object.hasOwn(candidates, recorded))
    return candidates[recorded]();
  const name = isUsable(candidates, recorded)
    ? recorded
    : settings.measure
      ? measuredChoice(key, candidates)
      : firstSupportedKernel(candidates);
  table.set(key, name);
  verified.add(key);
  return candidates[name]();
}

/**
 * Computes a convolution or matrix product by one of several kernels: see {@link chooseKernel}. Inside `autocast` every
 * kernel is also a candidate in float32, with the casts around it, and choices are kept apart from those in float32.
 */
export function chooseProductKernel<Result extends tf.Tensor>(
  key: string,
  candidates: KernelCandidates<Result>,
): Result {
  if (!isAutocast()) return chooseKernel(key, candidates);
  const inBoth: Record<string, () => Result> = { ...candidates };
  for (const [name, run] of Object.entries(candidates))
    inBoth[FLOAT32_PREFIX + name] = () => {
      const result = inFloat32(run);
      const lowered = toBfloat16(result);
      if (lowered !== result) result.dispose();
      return lowered;
    };
  return chooseKernel(key + BFLOAT16_SUFFIX, inBoth);
}

/** How many kinds of operations a table of choices computes in mixed precision, and how many of them in float32. */
export function precisionOfChoices(choices: KernelChoices): {
  readonly operations: number;
  readonly inFloat32: number;
} {
  const kernels = Object.entries(choices).filter(([key]) => key.endsWith(BFLOAT16_SUFFIX));
  return {
    operations: kernels.length,
    inFloat32: kernels.filter(([, name]) => name.startsWith(FLOAT32_PREFIX)).length,
  };
}

/** At the end of keys of operations that may be computed in bfloat16. */
const BFLOAT16_SUFFIX = ' bfloat16';
/** In front of the names of kernels that compute such an operation in float32. */
const FLOAT32_PREFIX = 'float32 ';

/** The machine's shared choice, else a measurement; if another process settled its own measurement first, that one. */
function measuredChoice(key: string, candidates: KernelCandidates): string {
  const { shared } = settings;
  if (shared === null) return fastestKernel(candidates);
  const known = shared.get(key);
  const name = isUsable(candidates, known) ? known : shared.settle(key, fastestKernel(candidates));
  return isUsable(candidates, name) ? name : firstSupportedKernel(candidates);
}

/** A recorded or shared name is not trusted: it must be a candidate, and support the shape. */
function isUsable(candidates: KernelCandidates, name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(candidates, name) && isSupported(candidates[name]);
}
