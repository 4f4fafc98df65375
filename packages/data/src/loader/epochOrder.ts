import { createRandom, type Sample } from '@nonlocal-med/core';

/** What the order of an epoch depends on besides the samples. */
export interface EpochOrderOptions {
  readonly seed: number;
  /** Whether each epoch has another order; default: the order of the samples. */
  readonly shuffle?: boolean;
  /** Whether each class comes equally often. */
  readonly balanced?: boolean;
  /** Counted from 0. */
  readonly epoch: number;
}

/**
 * The order in which a loader takes its samples in an epoch.
 * @returns indices of the samples, [samples]; with `balanced` some of them come several times and others not at all
 */
export function orderOf(
  samples: readonly Pick<Sample, 'label'>[],
  { seed, shuffle = false, balanced = false, epoch }: EpochOrderOptions,
): Int32Array {
  const order = balanced
    ? balancedIndices(samples, { seed, epoch })
    : Int32Array.from(samples.keys());
  return shuffle ? createRandom(seed, 'order', epoch).shuffle(order) : order;
}

/**
 * As many indices as there are samples, equally many of each class up to one. Over the epochs every image of a class comes
 * equally often: each class goes through its images in one random order after the other, and an epoch begins where the
 * one before it ended.
 */
function balancedIndices(
  samples: readonly Pick<Sample, 'label'>[],
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): Int32Array {
  const classes = new Map<number, number[]>();
  samples.forEach(({ label }, index) => {
    if (!classes.has(label)) classes.set(label, []);
    classes.get(label)!.push(index);
  });
  const labels = [...classes.keys()].sort((a, b) => a - b);
  const indices: number[] = [];
  labels.forEach((label, position) => {
    const own = classes.get(label)!;
    const places = Math.floor((samples.length + labels.length - 1 - position) / labels.length);
    let pass = -1;
    let passOrder: number[] = [];
    for (let place = epoch * places; place < (epoch + 1) * places; place++) {
      const needed = Math.floor(place / own.length);
      if (needed !== pass) {
        pass = needed;
        passOrder = createRandom(seed, 'balanced order', label, pass).shuffle([...own]);
      }
      indices.push(passOrder[place % own.length]);
    }
  });
  return Int32Array.from(indices);
}

/** For each place of an order, how often its sample came before, [places]. */
export function countRepeats(order: Int32Array): Int32Array {
  const seen = new Map<number, number>();
  return order.map((index) => {
    const before = seen.get(index) ?? 0;
    seen.set(index, before + 1);
    return before;
  });
}
