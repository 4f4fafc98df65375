import type { Sample } from '@nonlocal-med/core';

/** Samples that must stay together, and how many there are of each class. */
export interface SampleGroup<S extends Sample> {
  readonly samples: readonly S[];
  /** Images per class, [classes]. */
  readonly counts: readonly number[];
}

/** The groups of some samples in order of first appearance; a sample without a group stands alone. */
export function groupSamples<S extends Sample>(
  samples: readonly S[],
  classCount: number,
): SampleGroup<S>[] {
  const groups = new Map<unknown, S[]>();
  for (const sample of samples) {
    const key = sample.group ?? sample;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [sample]);
    else members.push(sample);
  }
  return [...groups.values()].map((members) => {
    const counts = new Array<number>(classCount).fill(0);
    for (const { label } of members) counts[label]++;
    return { samples: members, counts };
  });
}
