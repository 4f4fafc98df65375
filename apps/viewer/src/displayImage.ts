import type { PixelValues } from '@nonlocal-med/core';
import type { RawImage } from '@nonlocal-med/data/browser';

/** The values between which pixels go from black to white. */
export interface ValueWindow {
  readonly black: number;
  readonly white: number;
}

/** An image as it can be shown with any window. */
export interface DisplayImage {
  /** Stored values, or for DICOM those after rescale, such as Hounsfield units; NaN is black. [height, width, channels] */
  readonly values: RawImage['values'];
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Whether small values are bright. */
  readonly isInverted: boolean;
  /** The window that it is shown with at first: its own, or the scale of the model. */
  readonly initial: ValueWindow;
  /** The smallest and the largest value. */
  readonly range: ValueWindow;
}

/** Longer edges are shown smaller. */
const LONGEST = 2048;

/** What is shown of a decoded file. @param scale of the model */
export function displayImage(raw: RawImage, scale: PixelValues | undefined): DisplayImage {
  const modality = raw.dicom?.modality?.();
  const stored = modality ?? raw.values;
  const { values, height, width } = shrink({ ...raw, values: stored }, LONGEST);
  const found = rangeOf(stored);
  const isEightBit = stored instanceof Uint8Array;
  const range = isEightBit ? { black: 0, white: 255 } : found;
  return {
    values,
    height,
    width,
    channels: raw.channels,
    isInverted: modality === undefined ? raw.whiteIsZero : raw.dicom!.inverted,
    initial: initialWindow({ ...raw, modality }, { scale, range }),
    range,
  };
}

function initialWindow(
  { values, dicom, modality }: RawImage & { readonly modality?: Float32Array },
  { scale, range }: { readonly scale: PixelValues | undefined; readonly range: ValueWindow },
): ValueWindow {
  if (modality !== undefined) return displayedWindow(modality, values, dicom!.inverted) ?? range;
  if (dicom !== undefined) return { black: 0, white: 65535 };
  if (values instanceof Uint8Array) return range;
  if (Array.isArray(scale)) return { black: scale[0] as number, white: scale[1] as number };
  return { black: 0, white: range.white < 4096 ? 4095 : 65535 };
}

/** The window that a DICOM file is displayed with: the values of which levels stop being black and begin to be white. */
function displayedWindow(
  modality: Float32Array,
  levels: RawImage['values'],
  isInverted: boolean,
): ValueWindow | null {
  let [black, white, least, most] = [-Infinity, Infinity, Infinity, -Infinity];
  for (let i = 0; i < modality.length; i++) {
    const value = modality[i];
    if (Number.isNaN(value)) continue;
    const level = isInverted ? 65535 - levels[i] : levels[i];
    if (level === 0 && value > black) black = value;
    if (level === 65535 && value < white) white = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const window = {
    black: black === -Infinity ? least : black,
    white: white === Infinity ? most : white,
  };
  return window.black < window.white ? window : null;
}

function rangeOf(values: RawImage['values']): ValueWindow {
  let [black, white] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < black) black = value;
    if (value > white) white = value;
  }
  return black < white ? { black, white } : { black: 0, white: Math.max(1, white) };
}

type Raster = Pick<DisplayImage, 'values' | 'height' | 'width' | 'channels'>;

/** Means of blocks of pixels, so that no edge is longer than allowed. */
function shrink(raster: Raster, longest: number): Raster {
  const { values, height, width, channels } = raster;
  const factor = Math.ceil(Math.max(height, width) / longest);
  if (factor === 1) return raster;
  const [rows, columns] = [Math.ceil(height / factor), Math.ceil(width / factor)];
  const result = values.slice(0, rows * columns * channels);
  for (let row = 0, to = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let channel = 0; channel < channels; channel++, to++) {
        let [sum, count] = [0, 0];
        for (let y = row * factor; y < Math.min(height, (row + 1) * factor); y++)
          for (let x = column * factor; x < Math.min(width, (column + 1) * factor); x++, count++)
            sum += values[(y * width + x) * channels + channel];
        result[to] = sum / count;
      }
  return { values: result, height: rows, width: columns, channels };
}

/** The pixels of an image with a window. */
export function windowedPixels(image: DisplayImage, { black, white }: ValueWindow): ImageData {
  const { values, height, width, channels, isInverted } = image;
  const pixels = new ImageData(width, height);
  const step = 255 / (white - black || 1);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let color = 0; color < 3; color++) {
      const value = values[channels === 1 ? pixel : 3 * pixel + color];
      const level = Math.min(255, Math.max(0, (value - black) * step));
      pixels.data[4 * pixel + color] = isInverted && !Number.isNaN(value) ? 255 - level : level;
    }
    pixels.data[4 * pixel + 3] = 255;
  }
  return pixels;
}
