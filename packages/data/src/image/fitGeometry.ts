import type { PixelData, Pixels, Preprocessing } from '@nonlocal-med/core';
import { cameraField, rimMargin } from './fieldOfView.js';
import { zerosLike } from './levels.js';
import { resizeArea } from './resize.js';

/** A rectangle of whole pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which part of an image the network sees, and where in the network's input. */
export interface FitGeometry {
  /** Part of the image, in its pixels. */
  readonly source: Box;
  /** Where that part is in the input, in pixels of the input; bars surround it. */
  readonly target: Box;
}

/** The disk of a fundus photograph is looked for at this size of the longer edge: 0.2 % of it is accurate enough. */
const SEARCH_SIZE = 512;
/** A disk that covers less of the image than this is none. */
const LEAST_DISK = 0.05;

/**
 * How an image is fitted into the network's input, as the preprocessing's `fit` says; see `Fit` of core. Bars of an odd
 * number of pixels are one pixel wider at the right and at the bottom.
 */
export function fitGeometry(
  image: Pixels<PixelData>,
  { size: [height, width], fit = 'stretch' }: Pick<Preprocessing, 'size' | 'fit'>,
): FitGeometry {
  const whole: Box = { left: 0, top: 0, width: image.width, height: image.height };
  const all: Box = { left: 0, top: 0, width, height };
  switch (fit) {
    case 'stretch':
      return { source: whole, target: all };
    case 'letterbox':
      return { source: whole, target: largestInside(all, whole) };
    case 'center-crop':
      return { source: largestInside(whole, all), target: all };
    case 'fundus-crop': {
      const source = fundusBox(image);
      return { source, target: largestInside(all, source) };
    }
  }
}

/** The largest centered part of a box that has the aspect ratio of another one, to whole pixels. */
function largestInside(box: Box, { width, height }: Box): Box {
  const scale = Math.min(box.width / width, box.height / height);
  const inner = {
    width: Math.min(box.width, Math.max(1, Math.round(width * scale))),
    height: Math.min(box.height, Math.max(1, Math.round(height * scale))),
  };
  return {
    ...inner,
    left: box.left + Math.floor((box.width - inner.width) / 2),
    top: box.top + Math.floor((box.height - inner.height) / 2),
  };
}

/** The smallest box around the disk that a fundus camera recorded; the whole image if there is no dark surround. */
function fundusBox(image: Pixels<PixelData>): Box {
  const shrink = Math.min(1, SEARCH_SIZE / Math.max(image.width, image.height));
  const size = [image.height, image.width].map((length) =>
    Math.max(1, Math.round(length * shrink)),
  );
  const small = resizeArea(image, [size[0], size[1]]);
  const { pixels, left, right, top, bottom } = largestRegion(cameraField(small), small);
  if (pixels < LEAST_DISK * small.width * small.height)
    return { left: 0, top: 0, width: image.width, height: image.height };
  // The field of view lacks a margin at its rim; the crop has it.
  const margin = rimMargin(small.width);
  const [across, down] = [image.width / small.width, image.height / small.height];
  const start = { x: Math.max(0, left - margin), y: Math.max(0, top - margin) };
  const end = {
    x: Math.min(small.width, right + 1 + margin),
    y: Math.min(small.height, bottom + 1 + margin),
  };
  const box = { left: Math.floor(start.x * across), top: Math.floor(start.y * down) };
  return {
    ...box,
    width: Math.min(image.width, Math.ceil(end.x * across)) - box.left,
    height: Math.min(image.height, Math.ceil(end.y * down)) - box.top,
  };
}

interface Region {
  readonly pixels: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The largest region of ones that are connected along rows and columns: not the letters that a camera writes beside it. */
function largestRegion(
  marks: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Region {
  let largest: Region = { pixels: 0, left: 0, right: 0, top: 0, bottom: 0 };
  const left = Uint8Array.from(marks);
  const stack = new Int32Array(marks.length);
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    let depth = 0;
    const region = { pixels: 0, left: width, right: 0, top: height, bottom: 0 };
    const visit = (pixel: number): void => {
      if (left[pixel] === 0) return;
      left[pixel] = 0;
      stack[depth++] = pixel;
    };
    visit(start);
    while (depth > 0) {
      const pixel = stack[--depth];
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      region.pixels++;
      region.left = Math.min(region.left, x);
      region.right = Math.max(region.right, x);
      region.top = Math.min(region.top, y);
      region.bottom = Math.max(region.bottom, y);
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      if (y > 0) visit(pixel - width);
      if (y < height - 1) visit(pixel + width);
    }
    if (region.pixels > largest.pixels) largest = region;
  }
  return largest;
}

/** The part of an image inside a box; the image itself if that is all of it. */
export function cropPixels<Data extends PixelData>(
  image: Pixels<Data>,
  { left, top, width, height }: Box,
): Pixels<Data> {
  if (width === image.width && height === image.height) return image;
  const { data, channels } = image;
  const cropped = zerosLike(data, width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    cropped.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return { ...image, data: cropped, width, height };
}

/** A larger image with an image at a place of it, and one level elsewhere; the image itself if it has that size. */
export function padPixels<Data extends PixelData>(
  image: Pixels<Data>,
  {
    size: [height, width],
    at,
    level,
  }: {
    readonly size: readonly [height: number, width: number];
    readonly at: Pick<Box, 'left' | 'top'>;
    readonly level: number;
  },
): Pixels<Data> {
  if (width === image.width && height === image.height) return image;
  const { data, channels } = image;
  const padded = zerosLike(data, width * height * channels);
  padded.fill(level);
  const stride = image.width * channels;
  for (let y = 0; y < image.height; y++)
    padded.set(
      data.subarray(y * stride, (y + 1) * stride),
      ((at.top + y) * width + at.left) * channels,
    );
  return { ...image, data: padded, width, height };
}
