import { type Issue, type Random, throwIssues } from '@nonlocal-med/core';

/** How often each step happens, and how far. */
export interface AugmentationOptions {
  /** Probability of mirroring left and right; 0.5 unless given. */
  readonly horizontalFlip?: number;
  /** Probability of mirroring top and bottom; 0.5. */
  readonly verticalFlip?: number;
  /** Probability of the diagonal flip; 0.5. */
  readonly diagonalFlip?: number;
  /** What the diagonal flip is: `transpose` (rows become columns), or `half-turn` (by 180 degrees). */
  readonly diagonal?: 'transpose' | 'half-turn';
  /** Probability of a rotation; 0.5. */
  readonly rotation?: number;
  /** Smallest and largest angle in degrees, anticlockwise; [30, 270]. */
  readonly angles?: readonly [low: number, high: number];
  /** Only multiples of so many degrees between them, e.g. 30 or 90; any angle when 0. */
  readonly angleStep?: number;
}

/** One drawn augmentation. The steps happen in this order. */
export interface Augmentation {
  readonly horizontalFlip: boolean;
  readonly verticalFlip: boolean;
  readonly diagonalFlip: 'transpose' | 'half-turn' | 'none';
  /** Degrees, anticlockwise; 0 for no rotation. */
  readonly angle: number;
}

/**
 * Draws an augmentation; the same number of random numbers is used whatever comes out.
 *
 * @throws InputError for a probability outside 0..1 or a range of angles that holds none.
 */
export function drawAugmentation(random: Random, options: AugmentationOptions = {}): Augmentation {
  const {
    horizontalFlip = 0.5,
    verticalFlip = 0.5,
    diagonalFlip = 0.5,
    diagonal = 'transpose',
    rotation = 0.5,
    angles = [30, 270],
    angleStep = 0,
  } = options;
  const [first, last] =
    angleStep > 0 ? [Math.ceil(angles[0] / angleStep), Math.floor(angles[1] / angleStep)] : angles;
  throwIssues(
    findIssues(
      { horizontalFlip, verticalFlip, diagonalFlip, rotation },
      { first, last, angles, angleStep },
    ),
  );
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

function findIssues(
  probabilities: Record<string, number>,
  range: { first: number; last: number; angles: readonly number[]; angleStep: number },
): Issue[] {
  const issues: Issue[] = Object.entries(probabilities)
    .filter(([, value]) => !(value >= 0 && value <= 1))
    .map(([name, value]) => ({
      path: `augmentation.${name}`,
      message: `${value} is no probability`,
      hint: '0 to 1',
    }));
  if (!(range.angleStep >= 0 && range.angleStep < Infinity)) {
    issues.push({
      path: 'augmentation.angleStep',
      message: `${range.angleStep} degrees is no step`,
      hint: '0 for any angle, or a positive number',
    });
  } else if (!(range.first <= range.last)) {
    const step = range.angleStep > 0 ? ` holds no multiple of ${range.angleStep}` : ' is no range';
    issues.push({
      path: 'augmentation.angles',
      message: `${range.angles.join(' to ')} degrees${step}`,
      hint: 'smallest, then largest angle in degrees',
    });
  }
  return issues;
}
