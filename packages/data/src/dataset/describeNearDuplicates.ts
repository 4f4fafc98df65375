import type { Sample } from '@nonlocal-med/core';
import { findingsText } from '../findings/findingLabels.js';
import { perceptualHash } from '../image/perceptualHash.js';
import type { Split } from '../split/split.js';
import type { ImageFacts } from './checkImage.js';
import { findNearDuplicates, NEAR_DISTANCE } from './findNearDuplicates.js';

/** An image of a pair of near duplicates. */
export interface NearImage {
  readonly id: string;
  /** Its class, or its findings in words. */
  readonly className: string;
  /** The set of the planned split that contains it; absent without a split. */
  readonly side?: keyof Split;
}

/** Two images that show nearly the same, other than copies with equal content. */
export interface NearDuplicate {
  readonly images: readonly [NearImage, NearImage];
  /** Number of the 256 bits in which their perceptual hashes differ. */
  readonly distance: number;
  /** Whether they are of different classes, or have different findings. */
  readonly acrossClasses: boolean;
  /** Whether they are in different sets of the split, so that the test is on an image seen in training. */
  readonly acrossSplit: boolean;
}

/** Pairs of near duplicates: those across the split first, then those across classes, then by distance. */
export function describeNearDuplicates(
  samples: readonly (Sample & { readonly facts?: ImageFacts })[],
  { classes, split }: { readonly classes: readonly string[]; readonly split?: Split },
): NearDuplicate[] {
  const setOf = new Map<Sample, keyof Split>();
  for (const name of ['train', 'validation', 'test'] as const)
    for (const sample of split?.[name] ?? []) setOf.set(sample, name);
  const describe = (sample: Sample): NearImage => ({
    id: sample.id,
    className:
      sample.findings === undefined
        ? classes[sample.label]
        : findingsText(sample.findings, classes),
    side: setOf.get(sample),
  });
  const hashes = samples.map(
    ({ facts, pixels }) => facts?.perceptual ?? (pixels && perceptualHash(pixels)),
  );
  return findNearDuplicates(hashes, NEAR_DISTANCE)
    .filter(
      ({ first, second }) =>
        samples[first].facts === undefined ||
        samples[first].facts.hash !== samples[second].facts?.hash,
    )
    .map(({ first, second, distance }): NearDuplicate => {
      const images = [describe(samples[first]), describe(samples[second])] as const;
      return {
        images,
        distance,
        acrossClasses: images[0].className !== images[1].className,
        acrossSplit: images[0].side !== images[1].side,
      };
    })
    .sort(
      (a, b) =>
        Number(b.acrossSplit) - Number(a.acrossSplit) ||
        Number(b.acrossClasses) - Number(a.acrossClasses) ||
        a.distance - b.distance,
    );
}
