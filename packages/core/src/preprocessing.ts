/** How local contrast is normalized before a network sees an image. */
export type Contrast = 'clahe' | 'local-mean' | 'none';

/**
 * The scale of the values in image files, one for all images of a data set: `8-bit`; the values that become black and
 * white, e.g. [0, 4095] for 12 bits in 16-bit files or a range of Hounsfield units; or the window of each DICOM file.
 * Except for `8-bit`, images keep 16 bits until normalization.
 */
export type PixelValues = '8-bit' | readonly [black: number, white: number] | FileWindow;

/**
 * DICOM images as their files say that they are displayed. `file`: the file's lookup table (VOI LUT), else its first
 * window. A number: that one of several windows, counted from 1. `percentile`: from percentiles of its values, as for
 * files without a window.
 */
export interface FileWindow {
  readonly window: 'file' | 'percentile' | number;
}

/**
 * How an image of another shape is brought to the size of the network:
 * - `stretch`: all of it, its aspect ratio not kept (paper, section 4.1);
 * - `letterbox`: all of it, aspect ratio kept, between black bars;
 * - `center-crop`: its largest centered part that has the aspect ratio of the network's input;
 * - `fundus-crop`: the disk that a fundus camera recorded, aspect ratio kept, between black bars where it is cut off.
 */
export type Fit = 'stretch' | 'letterbox' | 'center-crop' | 'fundus-crop';

/**
 * Everything that happens to an image between the file and the network, in this order: decoding, cropping and resizing
 * (`fit`), contrast, black bars if any, (augmentation, only in training), scaling to [0, 1], normalization. Stored with
 * every exported model.
 */
export interface Preprocessing {
  /** Height and width in pixels. */
  readonly size: readonly [height: number, width: number];
  /** Default: `stretch`, as for all models before this option existed. */
  readonly fit?: Fit;
  /** `grey` images are equalized in their single channel, which is then repeated three times. */
  readonly color: 'rgb' | 'grey';
  /**
   * Scale of the values in the image files, decided once per data set; files of another depth are refused. Absent in
   * models of version 0.0, which scale each 16-bit file to 8 bits by its own maximum.
   */
  readonly values?: PixelValues;
  readonly contrast: Contrast;
  /** CLAHE's clip limit, as in OpenCV; used if `contrast` is `clahe`. */
  readonly clipLimit: number;
  /** CLAHE's tile grid, as in OpenCV; used if `contrast` is `clahe`. */
  readonly tiles: readonly [x: number, y: number];
  /** Mean of each channel, for values in [0, 1]. */
  readonly mean: readonly [number, number, number];
  /** Standard deviation of each channel, for values in [0, 1]. */
  readonly std: readonly [number, number, number];
}

/** Channel means of ImageNet, which torchvision's weights expect. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;

/** Channel standard deviations of ImageNet, which torchvision's weights expect. */
export const IMAGENET_STD = [0.229, 0.224, 0.225] as const;

/** The paper's preprocessing at 386 x 386, with the most common CLAHE setting for fundus images (specification, 7.4). */
export const defaultPreprocessing: Preprocessing = {
  size: [386, 386],
  color: 'rgb',
  contrast: 'clahe',
  clipLimit: 2,
  tiles: [8, 8],
  mean: IMAGENET_MEAN,
  std: IMAGENET_STD,
};
