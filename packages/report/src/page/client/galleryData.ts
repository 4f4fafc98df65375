/** The data of the gallery's script, as JSON in the page. Images and masks are in the page's `img` elements. */
export interface GalleryData {
  readonly classes: readonly string[];
  /** Kinds of maps: methods and layers. */
  readonly layers: readonly string[];
  /** Titles of the models. */
  readonly models: readonly string[];
  /** The repeat, from 0, that all images belong to. */
  readonly repeat: number;
  readonly images: readonly ImageData[];
}

/** An image with one prediction per model; null for a model that has not explained the image. */
export interface ImageData {
  readonly id: string;
  /** Index of the true class; -1 where the image has findings. */
  readonly label: number;
  /** 1 present, 0 absent, -1 not known, for each finding; absent for classes. */
  readonly findings?: readonly number[];
  readonly predictions: readonly (PredictionData | null)[];
}

/** The prediction of one model, and its saliency maps. */
export interface PredictionData {
  readonly predicted: number;
  readonly probabilities: readonly number[];
  readonly maps: readonly MapData[];
}

/** A saliency map: indices of its kind and class, the data URI of its image, and rounded scores. */
export interface MapData {
  readonly layer: number;
  readonly class: number;
  readonly source: string;
  readonly pointing?: number;
  readonly energy?: number | null;
  readonly overlap?: number;
  readonly deletion?: number;
  readonly insertion?: number;
}
