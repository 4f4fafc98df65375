import type { MapScores, PerturbationScores } from '@nonlocal-med/runs';

/** One map of the gallery. */
export interface GalleryMap {
  readonly layer: string;
  readonly class: number;
  /** Grey PNG or WebP. */
  readonly file: string;
  readonly scores?: MapScores;
  readonly perturbation?: PerturbationScores;
}

/** What one model said of an image, and where it looked. */
export interface GalleryEntry {
  readonly predicted: number;
  readonly probabilities: readonly number[];
  readonly maps: readonly GalleryMap[];
}

/** One image of the gallery; `entries` has one item a model of the gallery, null where that model has not explained it. */
export interface GalleryImage {
  readonly id: string;
  readonly label: number;
  readonly picture: string;
  readonly mask?: string;
  readonly entries: readonly (GalleryEntry | null)[];
}
