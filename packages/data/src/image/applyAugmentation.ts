import type { PixelData, Pixels } from '@nonlocal-med/core';
import { adjustIntensity, type IntensityFactors } from './adjustIntensity.js';
import { zerosLike } from './levels.js';

/** One sampled augmentation. The crop comes first; the other steps are applied in this order. */
export interface Augmentation {
  readonly horizontalFlip: boolean;
  readonly verticalFlip: boolean;
  readonly diagonalFlip: 'transpose' | 'half-turn' | 'none';
  /** Degrees, counterclockwise; 0 for no rotation. */
  readonly angle: number;
  /** Keeps a part of the image and resizes it to the whole: `side` of each length, at `x` and `y` of the room left. */
  readonly crop?: { readonly side: number; readonly x: number; readonly y: number };
  /** Moves the image right and down by these fractions of its width and height, rounded to whole pixels. */
  readonly shift?: { readonly x: number; readonly y: number };
  /** Changes of the levels, after those of the geometry. */
  readonly intensity?: IntensityFactors;
}

/**
 * Crops, flips, rotates about the center and shifts. Every output pixel is looked up once in the original through the
 * composed map: flips, shifts and, on square images, rotations by multiples of 90 degrees move pixels exactly; crops and
 * other angles interpolate (`bilinear`), or take the nearest pixel, which keeps a mask binary (`nearest`, without changes
 * of intensity). On an image that is not square, a transpose would change the shape and is replaced by a half-turn.
 *
 * @param options `fill` is the level of pixels that come from outside the image
 * @returns an image of the same shape
 */
export function applyAugmentation<Data extends PixelData>(
  pixels: Pixels<Data>,
  augmentation: Augmentation,
  {
    interpolation = 'bilinear',
    fill = 0,
  }: { readonly interpolation?: 'bilinear' | 'nearest'; readonly fill?: number } = {},
): Pixels<Data> {
  const map = inverseAffine(augmentation, pixels);
  const output = zerosLike(pixels.data, pixels.data.length);
  const staysInside = augmentation.crop === undefined && augmentation.shift === undefined;
  if (staysInside && movesWholePixels(map, pixels)) copyTransformed(pixels, map, output);
  else if (interpolation === 'bilinear') sampleBilinear(pixels, map, { output, fill });
  else sampleNearest(pixels, map, { output, fill });
  const { intensity } = augmentation;
  if (intensity !== undefined && interpolation === 'bilinear')
    adjustIntensity({ ...pixels, data: output }, intensity);
  return { ...pixels, data: output };
}

/** The source of an output pixel (x, y): (xx x + xy y + x0, yx x + yy y + y0). */
interface AffineMap {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** The inverse of an augmentation's steps, from the last to the first, as one map about the image's center. */
function inverseAffine(
  { horizontalFlip, verticalFlip, diagonalFlip, angle, crop, shift }: Augmentation,
  { width, height }: Pick<Pixels, 'width' | 'height'>,
): AffineMap {
  const [cosine, sine] = cosineAndSine(angle);
  // Rows of the linear part of a counterclockwise rotation's inverse, with y pointing down.
  let fromX = [cosine, -sine];
  let fromY = [sine, cosine];
  if (diagonalFlip === 'transpose' && width === height) [fromX, fromY] = [fromY, fromX];
  const halfTurn =
    diagonalFlip === 'half-turn' || (diagonalFlip === 'transpose' && width !== height);
  if (horizontalFlip !== halfTurn) fromX = fromX.map((value) => -value);
  if (verticalFlip !== halfTurn) fromY = fromY.map((value) => -value);
  const center = [(width - 1) / 2, (height - 1) / 2];
  const { side, x, y } = crop ?? { side: 1, x: 0, y: 0 };
  if (crop !== undefined) [fromX, fromY] = [fromX, fromY].map((row) => row.map((v) => v * side));
  // The pixel of the original that comes to the center, and the center of the result before the shift.
  const source = [
    crop === undefined ? center[0] : (x * (1 - side) + side / 2) * width - 0.5,
    crop === undefined ? center[1] : (y * (1 - side) + side / 2) * height - 0.5,
  ];
  if (shift !== undefined) {
    center[0] += Math.round(shift.x * width);
    center[1] += Math.round(shift.y * height);
  }
  return {
    xx: fromX[0],
    xy: fromX[1],
    x0: source[0] - fromX[0] * center[0] - fromX[1] * center[1],
    yx: fromY[0],
    yy: fromY[1],
    y0: source[1] - fromY[0] * center[0] - fromY[1] * center[1],
  };
}

/** Cosine and sine of 0, 90, 180 and 270 degrees. */
const QUARTER_TURNS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** Exact at multiples of 90 degrees. */
function cosineAndSine(degrees: number): readonly [number, number] {
  const quarterTurns = (((degrees / 90) % 4) + 4) % 4;
  if (Number.isInteger(quarterTurns)) return QUARTER_TURNS[quarterTurns];
  const radians = (degrees * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians)];
}

/** Whether the map takes whole pixels to whole pixels inside the image. */
function movesWholePixels(
  { xx, xy, x0, yx, yy, y0 }: AffineMap,
  { width, height }: Pick<Pixels, 'width' | 'height'>,
): boolean {
  return (
    [xx, xy, x0, yx, yy, y0].every(Number.isInteger) && (width === height || (xy === 0 && yx === 0))
  );
}

/** Moves pixels along a map that takes whole pixels to whole pixels. */
function copyTransformed(
  { data, width, height, channels }: Pixels<PixelData>,
  { xx, xy, x0, yx, yy, y0 }: AffineMap,
  output: PixelData,
): void {
  const step = (yx * width + xx) * channels;
  for (let y = 0, to = 0; y < height; y++) {
    let from = ((yy * y + y0) * width + xy * y + x0) * channels;
    if (channels === 1) {
      for (let x = 0; x < width; x++, from += step) output[to++] = data[from];
    } else {
      for (let x = 0; x < width; x++, from += step, to += 3) {
        output[to] = data[from];
        output[to + 1] = data[from + 1];
        output[to + 2] = data[from + 2];
      }
    }
  }
}

/** Interpolates every output pixel linearly between the four around its source; `fill` outside the image. */
function sampleBilinear(
  { data, width, height, channels }: Pixels<PixelData>,
  { xx, xy, x0, yx, yy, y0 }: AffineMap,
  { output, fill }: { output: PixelData; fill: number },
): void {
  const stride = width * channels;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const sourceX = xx * x + xy * y + x0;
      const sourceY = yx * x + yy * y + y0;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const a = sourceX - left;
      const b = sourceY - top;
      if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
        const from = top * stride + left * channels;
        for (let c = 0; c < channels; c++) {
          const i = from + c;
          const upper = data[i] + (data[i + channels] - data[i]) * a;
          const lower = data[i + stride] + (data[i + stride + channels] - data[i + stride]) * a;
          output[to + c] = upper + (lower - upper) * b + 0.5;
        }
      } else {
        const pixel = (column: number, row: number, c: number): number =>
          column >= 0 && row >= 0 && column < width && row < height
            ? data[row * stride + column * channels + c]
            : fill;
        for (let c = 0; c < channels; c++) {
          const upper = pixel(left, top, c) * (1 - a) + pixel(left + 1, top, c) * a;
          const lower = pixel(left, top + 1, c) * (1 - a) + pixel(left + 1, top + 1, c) * a;
          output[to + c] = upper * (1 - b) + lower * b + 0.5;
        }
      }
    }
  }
}

/** Copies to every output pixel the one nearest to its source; `fill` outside the image. */
function sampleNearest(
  { data, width, height, channels }: Pixels<PixelData>,
  { xx, xy, x0, yx, yy, y0 }: AffineMap,
  { output, fill }: { output: PixelData; fill: number },
): void {
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.floor(xx * x + xy * y + x0 + 0.5);
      const row = Math.floor(yx * x + yy * y + y0 + 0.5);
      const inside = column >= 0 && row >= 0 && column < width && row < height;
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) output[to++] = inside ? data[from + c] : fill;
    }
  }
}
