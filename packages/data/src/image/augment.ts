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
  /** Smallest and largest part of the image's area that a random crop keeps, resized to the whole; default: [1, 1]. */
  readonly crop?: readonly [low: number, high: number];
  /** Largest shift to each side, as a fraction of the width and of the height; default: 0. */
  readonly shift?: number;
  /** Multiplies levels by a factor between 1 - brightness and 1 + brightness; default: 0. */
  readonly brightness?: number;
  /** Multiplies distances from the mean level by a factor between 1 - contrast and 1 + contrast; default: 0. */
  readonly contrast?: number;
  /** Raises levels to a power between 1 / (1 + gamma) and 1 + gamma; default: 0. */
  readonly gamma?: number;
}

/**
 * Random flips and a rotation (spec 7.7; paper, section 4.1), and, if set, crops, shifts, brightness, contrast and gamma.
 * Changes of geometry are composed so that pixels are interpolated at most once.
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
 * Samples an augmentation. For the same options it takes the same number of values from the random stream whatever the
 * outcome. Options after `angleStep` have positions of their own behind the flips and the rotation, whose values are the
 * same with and without them.
 *
 * @throws InputError for a probability outside 0..1, an empty range, or a strength out of range
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
    ...others
  }: AugmentationOptions = {},
): Augmentation {
  const [first, last] =
    angleStep > 0 ? [Math.ceil(angles[0] / angleStep), Math.floor(angles[1] / angleStep)] : angles;
  throwIssues([
    ...findProbabilityIssues({ horizontalFlip, verticalFlip, diagonalFlip, rotation }),
    ...findAngleIssues({ angles, angleStep, isEmpty: !(first <= last) }),
    ...findStrengthIssues(others),
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
  return {
    ...flips,
    diagonalFlip: flipped ? diagonal : 'none',
    angle: rotated ? angle : 0,
    ...sampleOthers(random, others),
  };
}

type OtherOptions = Pick<
  AugmentationOptions,
  'crop' | 'shift' | 'brightness' | 'contrast' | 'gamma'
>;

/** Eight values, in a fixed order, if any of the options changes something; none otherwise. */
function sampleOthers(
  random: Random,
  { crop = [1, 1], shift = 0, brightness = 0, contrast = 0, gamma = 0 }: OtherOptions,
): Pick<Augmentation, 'crop' | 'shift' | 'intensity'> {
  if (crop[0] === 1 && [shift, brightness, contrast, gamma].every((strength) => strength === 0))
    return {};
  const side = Math.sqrt(random.uniform(...crop));
  const place = { x: random.uniform(), y: random.uniform() };
  const shifts = { x: random.uniform(-shift, shift), y: random.uniform(-shift, shift) };
  const factors = {
    brightness: random.uniform(1 - brightness, 1 + brightness),
    contrast: random.uniform(1 - contrast, 1 + contrast),
    gamma: (1 + gamma) ** random.uniform(-1, 1),
  };
  return {
    ...(crop[0] < 1 ? { crop: { side, ...place } } : {}),
    ...(shift > 0 ? { shift: shifts } : {}),
    ...(brightness > 0 || contrast > 0 || gamma > 0 ? { intensity: factors } : {}),
  };
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

function findStrengthIssues({ crop = [1, 1], ...strengths }: OtherOptions): Issue[] {
  const limits = { shift: 0.5, brightness: 1, contrast: 1, gamma: 4 };
  const issues = Object.entries(limits).flatMap(([name, limit]): Issue[] => {
    const value = strengths[name as keyof typeof limits] ?? 0;
    return value >= 0 && value <= limit
      ? []
      : [{ path: `augmentation.${name}`, message: `got ${value}`, hint: `0 (off) to ${limit}` }];
  });
  const [low, high] = crop;
  if (!(low > 0 && low <= high && high <= 1))
    issues.push({
      path: 'augmentation.crop',
      message: `${low} to ${high} is not a range of fractions of the area`,
      hint: 'the smallest, then the largest fraction, at most 1, such as [0.8, 1]',
    });
  return issues;
}
