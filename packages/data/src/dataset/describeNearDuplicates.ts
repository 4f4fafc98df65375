import type { Sample } from '@nonlocal-med/core';
import { perceptualHash } from '../image/perceptualHash.js';
import type { Split } from '../split/split.js';
import { findNearDuplicates } from './findNearDuplicates.js';
import { nearDistance } from './nearDistance.js';
import type { ImageFacts } from './openedDataset.js';

/** An image of a pair that shows nearly the same. */
export interface NearImage {
  readonly id: string;
  readonly className: string;
  /** Where the planned split puts it; absent without a split. */
  readonly side?: keyof Split;
}

/** Two images that show nearly the same, other than copies with equal content. */
export interface NearDuplicate {
  readonly images: readonly [NearImage, NearImage];
  /** Bits of 256 in which their perceptual hashes differ. */
  readonly distance: number;
  readonly acrossClasses: boolean;
  /** On two sides of the split: what is tested was also learned. */
  readonly acrossSplit: boolean;
}

/** Pairs of images within `nearDistance` of each other, those across the split first, then those across classes, then by distance. */
export function describeNearDuplicates(
  samples: readonly (Sample & { readonly facts?: ImageFacts })[],
  { classes, split }: { classes: readonly string[]; split?: Split },
): NearDuplicate[] {
  const sideOf = new Map<Sample, keyof Split>();
  for (const side of ['train', 'validation', 'test'] as const)
    for (const sample of split?.[side] ?? []) sideOf.set(sample, side);
  const describe = (sample: Sample): NearImage => {
    const side = sideOf.get(sample);
    return {
      id: sample.id,
      className: classes[sample.label],
      ...(side === undefined ? {} : { side }),
    };
  };
  const hashes = samples.map(
    ({ facts, pixels }) => facts?.perceptual ?? (pixels && perceptualHash(pixels)),
  );
  const pairs = findNearDuplicates(hashes, nearDistance).filter(
    ({ first, second }) =>
      samples[first].facts === undefined ||
      samples[first].facts.hash !== samples[second].facts?.hash,
  );
  return pairs
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
