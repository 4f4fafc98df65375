import {
  type Issue,
  type PixelData,
  type Pixels,
  type Random,
  throwIssues,
} from '@nonlocal-med/core';
import { applyAugmentation, type Augmentation } from './applyAugmentation.js';

/** How often each step of the augmentation happens, and how far it goes. */
export interface AugmentationOptions {
  /** Probability of mirroring left and right; default: 0.5. */
  readonly horizontalFlip?: number;
  /** Probability of mirroring top and bottom; default: 0.5. */
  readonly verticalFlip?: number;
  /** Probability of the diagonal flip; default: 0.5. */
  readonly diagonalFlip?: number;
  /** What the diagonal flip does: `transpose` (rows become columns), or `half-turn` (by 180 degrees). */
  readonly diagonal?: 'transpose' | 'half-turn';
  /** Probability of a rotation; default: 0.5. */
  readonly rotation?: number;
  /** Smallest and largest angle in degrees, counterclockwise; default: [30, 270]. */
  readonly angles?: readonly [low: number, high: number];
  /** Only multiples of this many degrees, e.g. 30 or 90; default: 0, any angle. */
  readonly angleStep?: number;
}

/**
 * Random flips and a rotation (spec 7.7; paper, section 4.1), composed so that pixels are interpolated at most once.
 * Equal random streams give equal images. For an image with a lesion mask, sample once with {@link sampleAugmentation}
 * and apply the result to both with {@link applyAugmentation}.
 *
 * @param options probabilities and angles; `fill` is the level of pixels that come from outside the image (default: 0)
 * @returns an image of the same shape
 * @throws InputError for a probability outside 0..1 or an empty range of angles
 */
export function augment<Data extends PixelData>(
  pixels: Pixels<Data>,
  random: Random,
  options: AugmentationOptions & { readonly fill?: number } = {},
): Pixels<Data> {
  return applyAugmentation(pixels, sampleAugmentation(random, options), { fill: options.fill });
}

/**
 * Samples an augmentation. It takes the same number of values from the random stream whatever the outcome.
 *
 * @throws InputError for a probability outside 0..1 or an empty range of angles
 */
export function sampleAugmentation(
  random: Random,
  {
    horizontalFlip = 0.5,
    verticalFlip = 0.5,
    diagonalFlip = 0.5,
    diagonal = 'transpose',
    rotation = 0.5,
    angles = [30, 270],
    angleStep = 0,
  }: AugmentationOptions = {},
): Augmentation {
  const [first, last] =
    angleStep > 0 ? [Math.ceil(angles[0] / angleStep), Math.floor(angles[1] / angleStep)] : angles;
  throwIssues([
    ...findProbabilityIssues({ horizontalFlip, verticalFlip, diagonalFlip, rotation }),
    ...findAngleIssues({ angles, angleStep, isEmpty: !(first <= last) }),
  ]);
  // The order of these calls is part of every seeded result.
  const flips = {
    horizontalFlip: random.chance(horizontalFlip),
    verticalFlip: random.chance(verticalFlip),
  };
  const flipped = random.chance(diagonalFlip);
  const rotated = random.chance(rotation);
  const angle =
    angleStep > 0
      ? angleStep * Math.floor(random.uniform(first, last + 1))
      : random.uniform(first, last);
  return { ...flips, diagonalFlip: flipped ? diagonal : 'none', angle: rotated ? angle : 0 };
}

function findProbabilityIssues(probabilities: Readonly<Record<string, number>>): Issue[] {
  return Object.entries(probabilities)
    .filter(([, value]) => !(value >= 0 && value <= 1))
    .map(([name, value]) => ({
      path: `augmentation.${name}`,
      message: `${value} is not a probability`,
      hint: '0 to 1',
    }));
}

function findAngleIssues({
  angles,
  angleStep,
  isEmpty,
}: {
  readonly angles: readonly number[];
  readonly angleStep: number;
  readonly isEmpty: boolean;
}): Issue[] {
  if (!(angleStep >= 0 && angleStep < Infinity))
    return [
      {
        path: 'augmentation.angleStep',
        message: `${angleStep} is not a valid step in degrees`,
        hint: '0 for any angle, or a positive number',
      },
    ];
  if (!isEmpty) return [];
  return [
    {
      path: 'augmentation.angles',
      message: `${angles.join(' to ')} degrees ${angleStep > 0 ? `contains no multiple of ${angleStep}` : 'is not a range'}`,
      hint: 'the smallest, then the largest angle in degrees',
    },
  ];
}
