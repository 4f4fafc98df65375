import type * as tf from '@tensorflow/tfjs-core';
import {
  fastestKernel,
  firstSupportedKernel,
  isSupported,
  type KernelCandidates,
} from './fastestKernel.js';

/** Which kernel computes an operation at a shape: by operation and shape, the kernel's short name. Plain JSON. */
export type KernelChoices = Readonly<Record<string, string>>;

/** How kernels that are not in the table yet are chosen. */
export interface ChoiceOptions {
  /**
   * `true`: a short measurement at the first use of a shape; fastest on this machine, and two runs may choose, and so
   * round, differently unless they have `shared` or the second is given the first one's table. Default: a fixed order
   * of preference.
   */
  readonly measure?: boolean;
  /** Choices that all processes of this machine share; asked before a measurement and told of its result. */
  readonly shared?: SharedChoices | null;
}

const table = new Map<string, string>();
/** Keys whose choice has run in this process. */
const proven = new Set<string>();
let generation = 0;
let how: Required<ChoiceOptions> = { measure: false, shared: null };

/** Counts how often the table was replaced. */
export function kernelChoicesGeneration(): number {
  return generation;
}

/** The choices made so far, to be kept with a run so that it can be continued to the bit. */
export function kernelChoices(): KernelChoices {
  return Object.fromEntries(table);
}

/**
 * Replaces the table of choices, for example by that of a recorded run; `{}` forgets all. Options that are not given
 * stay as they are.
 */
export function setKernelChoices(choices: KernelChoices, options: ChoiceOptions = {}): void {
  generation++;
  table.clear();
  proven.clear();
  Object.entries(choices).forEach(([key, name]) => table.set(key, name));
  how = { ...how, ...options };
}

/**
 * Computes one result by one of several equal ways, and remembers which.
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
  if (recorded !== undefined && proven.has(key) && Object.hasOwn(candidates, recorded))
    return candidates[recorded]();
  const name = serves(candidates, recorded)
    ? recorded
    : how.measure
      ? measured(key, candidates)
      : firstSupportedKernel(candidates);
  table.set(key, name);
  proven.add(key);
  return candidates[name]();
}

/** What this machine chose before, else a measurement; where another process was faster with its own, that one's. */
function measured(key: string, candidates: KernelCandidates): string {
  const { shared } = how;
  if (shared === null) return fastestKernel(candidates);
  const known = shared.get(key);
  const name = serves(candidates, known) ? known : shared.settle(key, fastestKernel(candidates));
  return serves(candidates, name) ? name : firstSupportedKernel(candidates);
}

/** A recorded or shared name is not taken on trust: it must be one of these, and run. */
function serves(candidates: KernelCandidates, name: string | undefined): name is string {
  return name !== undefined && Object.hasOwn(candidates, name) && isSupported(candidates[name]);
}

/**
 * Choices between kernels that several processes share, so that runs of one seed on one machine round alike. A choice
 * that has once been settled for a key never changes.
 */
export interface SharedChoices {
  /** The kernel that was settled on; undefined where there is none yet. */
  readonly get: (key: string) => string | undefined;
  /**
   * Offers a kernel for a key.
   * @returns what counts from now on: the first that any process offered; undefined where it cannot be shared.
   */
  readonly settle: (key: string, kernel: string) => string | undefined;
}
