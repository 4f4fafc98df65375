/** How well a map finds an image's lesions; see `localisationScores` of `@nonlocal-med/explain`. */
export interface MapScores {
  readonly pointing: number;
  readonly energyInside: number | null;
  readonly intersectionOverUnion: number;
  readonly threshold: number;
  readonly lesionShare: number;
}

/** Area under the probability of the explained class while pixels are taken away or brought in by the map's order. */
export interface PerturbationScores {
  readonly deletion: number;
  readonly insertion: number;
}

/** One class activation map of one image. */
export interface ExplainedMap {
  readonly layer: string;
  /** Index of the explained class. */
  readonly class: number;
  /** 8-bit grey PNG, 255 at the map's maximum, of at most 64 x 64 pixels: for a page that blends it itself. */
  readonly map: string;
  /** PNG of the image under the map, of the model's size. */
  readonly overlay: string;
  /** Present where the image has a lesion mask that is not empty. */
  readonly scores?: MapScores;
  readonly perturbation?: PerturbationScores;
}

/** Where one pixel of an image looks: a row of an attention layer's matrix. */
export interface ExplainedAttention {
  readonly layer: string;
  /** The pixel, from the left and the top of the image at the model's size. */
  readonly x: number;
  readonly y: number;
  /** 8-bit grey PNG of the weights, 255 at the largest, of at most 64 x 64 pixels. */
  readonly map: string;
  /** PNG of the image under the weights, of the model's size, with the pixel marked. */
  readonly overlay: string;
}

/** One explained image. */
export interface ExplainedImage {
  readonly id: string;
  /** Index of the true class. */
  readonly label: number;
  /** Index of the predicted class. */
  readonly predicted: number;
  readonly probabilities: readonly number[];
  /** WebP of the image as the network got it (resized, equalised), at most 224 pixels on its longer side. */
  readonly picture: string;
  /** 8-bit grey PNG of the lesion mask at the picture's size, where there is one. */
  readonly mask?: string;
  readonly maps: readonly ExplainedMap[];
  /** Present where it was asked for and the model has non-local attention. */
  readonly attention?: ExplainedAttention;
}

/**
 * What `explanations/index.json` in a run's folder holds. Files are relative to that folder, with forward slashes.
 * Written by `eval explain`, read by the report.
 */
export interface ExplanationIndex {
  readonly format: 1;
  readonly model: string;
  readonly weights: 'last' | 'selected';
  readonly classes: readonly string[];
  readonly layers: readonly string[];
  readonly images: readonly ExplainedImage[];
}

/** Folder of the explanations inside a run's folder, and their index inside it. */
export const EXPLANATIONS = { folder: 'explanations', index: 'index.json' } as const;
