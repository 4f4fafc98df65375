import type { AugmentationOptions } from './augment.js';

/** Names of the augmentation presets. */
export const augmentationPresetNames = ['fundus', 'xray', 'light', 'none'] as const;

/** One of {@link augmentationPresetNames}. */
export type AugmentationPreset = (typeof augmentationPresetNames)[number];

const nothing: Required<AugmentationOptions> = {
  horizontalFlip: 0,
  verticalFlip: 0,
  diagonalFlip: 0,
  diagonal: 'transpose',
  rotation: 0,
  angles: [-10, 10],
  angleStep: 0,
  crop: [1, 1],
  shift: 0,
  brightness: 0,
  contrast: 0,
  gamma: 0,
};

/**
 * Sets of augmentation options:
 * - `fundus`: the paper's (section 4.1). Flips, transposes and rotations by 30 to 270 degrees: an eye has no upright.
 * - `xray`: for radiographs and CT slices, where left, right, up and down mean something. No flips; rotations by up to
 *   10 degrees, crops, shifts, brightness, contrast and gamma, as between two exposures.
 * - `light`: for images of which little is known: left-right flips, and less of what `xray` does.
 * - `none`: no augmentation.
 */
export const augmentationPresets: Readonly<
  Record<AugmentationPreset, Required<AugmentationOptions>>
> = {
  fundus: {
    ...nothing,
    horizontalFlip: 0.5,
    verticalFlip: 0.5,
    diagonalFlip: 0.5,
    rotation: 0.5,
    angles: [30, 270],
  },
  xray: {
    ...nothing,
    rotation: 0.5,
    crop: [0.85, 1],
    shift: 0.05,
    brightness: 0.15,
    contrast: 0.15,
    gamma: 0.15,
  },
  light: {
    ...nothing,
    horizontalFlip: 0.5,
    rotation: 0.5,
    crop: [0.9, 1],
    shift: 0.03,
    brightness: 0.1,
    contrast: 0.1,
  },
  none: nothing,
};

/** The preset that has exactly these options; undefined if there is none. */
export function presetOf(options: AugmentationOptions | false): AugmentationPreset | undefined {
  if (options === false) return 'none';
  const given = JSON.stringify({ ...augmentationPresets.fundus, ...options });
  return augmentationPresetNames.find((name) => {
    const preset = { ...augmentationPresets.fundus, ...augmentationPresets[name] };
    return JSON.stringify(preset) === given;
  });
}
