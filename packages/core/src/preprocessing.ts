/** How local contrast is evened out before a network sees an image. */
export type Contrast = 'clahe' | 'local-mean' | 'none';

/**
 * Everything that happens to an image between the file and the network, in this order: decode, resize, contrast,
 * (augmentation, training only), scaling to [0, 1], normalisation. Stored with every exported model.
 */
export interface Preprocessing {
  /** Height and width in pixels; the aspect ratio is not kept (paper section 4.1). */
  readonly size: readonly [height: number, width: number];
  /** `grey` images are equalised on their one plane and then replicated to three channels. */
  readonly color: 'rgb' | 'grey';
  readonly contrast: Contrast;
  /** CLAHE's clip limit and tile grid (OpenCV's meaning); used where `contrast` is `clahe`. */
  readonly clipLimit: number;
  readonly tiles: readonly [x: number, y: number];
  /** Per-channel mean and deviation of values in [0, 1]. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** ImageNet's statistics, as torchvision's weights expect them. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
export const IMAGENET_STD = [0.229, 0.224, 0.225] as const;

/** The paper's preprocessing at 386 x 386 with the commonest CLAHE setting of fundus work (spec 7.4). */
export const defaultPreprocessing: Preprocessing = {
  size: [386, 386],
  color: 'rgb',
  contrast: 'clahe',
  clipLimit: 2,
  tiles: [8, 8],
  mean: IMAGENET_MEAN,
  std: IMAGENET_STD,
};
