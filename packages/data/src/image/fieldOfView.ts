import type { PixelData, Pixels } from '@nonlocal-med/core';
import { toRgb } from './channels.js';
import { toEightBits } from './levels.js';

/**
 * The part of an image where a fundus camera recorded the retina: 1 inside, 0 in the black surround, [height, width]. The
 * surround is what is dark relative to the image's own bright parts and connected to the border; a margin of 1 % of the
 * width is removed from the rim, whose falloff to black is not a lesion. A grayscale image (an X-ray) has no surround:
 * all of it is inside.
 */
export function fieldOfView(pixels: Pixels<PixelData>): Uint8Array {
  const { height, width } = pixels;
  return isGrayscale(pixels) ? new Uint8Array(height * width).fill(1) : cameraField(pixels);
}

/** Like {@link fieldOfView}, but a grayscale image, such as a red-free photograph, may have a surround, too. */
export function cameraField(image: Pixels<PixelData>): Uint8Array {
  const pixels = toRgb({ ...image, data: toEightBits(image.data) });
  const { height, width } = pixels;
  const outside = floodFromBorder(brightness(pixels), { width, height });
  return erode(outside, { width, height, margin: rimMargin(width) });
}

/** The margin that is removed from the rim of an image of this width, in pixels. */
export const rimMargin = (width: number): number => Math.max(1, Math.round(width / 100));

function isGrayscale({ data, channels }: Pixels<PixelData>): boolean {
  if (channels === 1) return true;
  for (let i = 0; i < data.length; i += 3)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

/** Mean of the 3 x 3 neighborhood of the brightest channel. */
function brightness({ data, height, width }: Pixels): Uint8Array {
  const sums = new Uint16Array(height * width);
  for (let pixel = 0, i = 0; pixel < sums.length; pixel++, i += 3)
    sums[pixel] = Math.max(data[i], data[i + 1], data[i + 2]);
  const result = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const above = Math.max(y - 1, 0) * width;
    const below = Math.min(y + 1, height - 1) * width;
    let previous = sums[above] + sums[y * width] + sums[below];
    let current = previous;
    for (let x = 0; x < width; x++) {
      const right = Math.min(x + 1, width - 1);
      const next = sums[above + right] + sums[y * width + right] + sums[below + right];
      result[y * width + x] = (previous + current + next) / 9;
      previous = current;
      current = next;
    }
  }
  return result;
}

/** 1 for pixels darker than a seventh of the image's bright parts (90th percentile) and connected to the border through such pixels. */
function floodFromBorder(
  values: Uint8Array,
  { width, height }: { width: number; height: number },
): Uint8Array {
  const threshold = Math.min(Math.max(quantile(values, 0.9) / 7, 8), 32);
  const outside = new Uint8Array(values.length);
  const stack = new Int32Array(values.length);
  let depth = 0;
  const visit = (pixel: number): void => {
    if (outside[pixel] === 0 && values[pixel] < threshold) {
      outside[pixel] = 1;
      stack[depth++] = pixel;
    }
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  while (depth > 0) {
    const pixel = stack[--depth];
    const x = pixel % width;
    if (x > 0) visit(pixel - 1);
    if (x < width - 1) visit(pixel + 1);
    if (pixel >= width) visit(pixel - width);
    if (pixel < values.length - width) visit(pixel + width);
  }
  return outside;
}

function quantile(values: Uint8Array, fraction: number): number {
  const counts = new Int32Array(256);
  for (const value of values) counts[value]++;
  let level = 0;
  for (let left = values.length * fraction - counts[0]; left > 0; left -= counts[level]) level++;
  return level;
}

/** 1 where no outside pixel lies within `margin` along rows or columns (a square neighborhood). */
function erode(
  outside: Uint8Array,
  { width, height, margin }: { width: number; height: number; margin: number },
): Uint8Array {
  dilate(outside, { lines: height, lineStep: width, length: width, step: 1 }, margin);
  dilate(outside, { lines: width, lineStep: 1, length: height, step: width }, margin);
  return outside.map((value) => 1 - value);
}

/** Marks every pixel within `margin` of a marked pixel along each line. */
function dilate(
  marks: Uint8Array,
  {
    lines,
    lineStep,
    length,
    step,
  }: { lines: number; lineStep: number; length: number; step: number },
  margin: number,
): void {
  const nearest = new Int32Array(length);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let i = 0, last = -length; i < length; i++) {
      if (marks[start + i * step] !== 0) last = i;
      nearest[i] = i - last;
    }
    for (let i = length - 1, next = 2 * length; i >= 0; i--) {
      if (nearest[i] === 0) next = i;
      if (nearest[i] <= margin || next - i <= margin) marks[start + i * step] = 1;
    }
  }
}
