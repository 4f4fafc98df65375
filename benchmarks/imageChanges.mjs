/*
 * Images that are changed as they may be on their way from a scanner to a network: turned, inverted, photographed from a
 * screen, and so on. Shared by unlike.mjs and unlike-features.mjs.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Images below a folder in the order of their names. */
export function imagesBelow(path, limit = Infinity) {
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|tiff?|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const number = Math.min(files.length, limit);
  return Array.from({ length: number }, (_, i) => files[Math.floor((i * files.length) / number)]);
}

/** Pixels as RGB in sharp, and back. */
const open = ({ data, width, height, channels }) =>
  sharp(data, { raw: { width, height, channels } });
async function pixelsOf(image) {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data: new Uint8Array(data), width, height, channels };
}

/** Adds normally distributed noise. */
function addNoise(pixels, deviation, random) {
  const data = pixels.data.map((level) =>
    Math.max(0, Math.min(255, Math.round(level + random.normal(0, deviation)))),
  );
  return { ...pixels, data };
}

/** Like a photograph of a screen: uneven light, weaker contrast, a blue tint, fine stripes, noise, slightly turned. */
async function photographScreen(pixels, random) {
  const rgb = await pixelsOf(open(pixels).toColourspace('srgb').removeAlpha());
  const { width, height, channels } = rgb;
  const [angle, side] = [random.uniform(0, 2 * Math.PI), Math.max(width, height)];
  const tint = channels === 3 ? [0.92, 1, 1.08] : [1];
  const data = rgb.data.map((level, i) => {
    const [x, y] = [
      (Math.floor(i / channels) % width) / side,
      Math.floor(i / channels / width) / side,
    ];
    const light = 1 + 0.5 * (Math.cos(angle) * (x - 0.5) + Math.sin(angle) * (y - 0.5));
    const stripes = 1 + 0.08 * Math.sin(2 * Math.PI * (130 * x + 20 * y));
    const value = (0.75 * level + 25) * light * tint[i % channels] * stripes + random.normal(0, 4);
    return Math.max(0, Math.min(255, Math.round(value)));
  });
  return pixelsOf(
    open({ ...rgb, data })
      .rotate(random.uniform(-4, 4), { background: '#1e1e23' })
      .removeAlpha(),
  );
}

/** How images are changed; each function gets pixels and a stream of random numbers. */
export const changes = {
  'unchanged, left out': (pixels) => pixels,
  inverted: (pixels) => ({ ...pixels, data: pixels.data.map((level) => 255 - level) }),
  'turned by 90°': (pixels) => pixelsOf(open(pixels).rotate(90)),
  'turned by 180°': (pixels) => pixelsOf(open(pixels).rotate(180)),
  'upside down': (pixels) => pixelsOf(open(pixels).flip()),
  mirrored: (pixels) => pixelsOf(open(pixels).flop()),
  'photograph of a screen': photographScreen,
  'the same, in gray': async (pixels, random) =>
    pixelsOf(open(await photographScreen(pixels, random)).grayscale()),
  'blurred (sigma 8 pixels)': (pixels) => pixelsOf(open(pixels).blur(8)),
  'noise added (std 25)': (pixels, random) => addNoise(pixels, 25, random),
  'half as bright': (pixels) => ({ ...pixels, data: pixels.data.map((level) => level / 2) }),
  'brighter by 60 levels': (pixels) => ({
    ...pixels,
    data: pixels.data.map((level) => Math.min(255, level + 60)),
  }),
  'gamma 2': (pixels) => ({ ...pixels, data: pixels.data.map((level) => level ** 2 / 255) }),
  'center half': ({ width, height, ...rest }) =>
    pixelsOf(
      open({ width, height, ...rest }).extract({
        left: width >> 2,
        top: height >> 2,
        width: width >> 1,
        height: height >> 1,
      }),
    ),
  'without color': (pixels) => pixelsOf(open(pixels).grayscale()),
  'red and blue swapped': (pixels) => {
    if (pixels.channels === 1) return pixels;
    const data = pixels.data.map((_, i) => pixels.data[i + 2 - 2 * (i % 3)]);
    return { ...pixels, data };
  },
  'half the size': ({ width, height, ...rest }) =>
    pixelsOf(open({ width, height, ...rest }).resize(width >> 1, height >> 1, { fit: 'fill' })),
  '64 x 64 pixels': (pixels) => pixelsOf(open(pixels).resize(64, 64, { fit: 'fill' })),
  'JPEG, quality 30': async (pixels) =>
    pixelsOf(sharp(await open(pixels).jpeg({ quality: 30 }).toBuffer())),
};

/** Probability that a distance of the second list is larger than one of the first. */
export function auc(usual, others) {
  let wins = 0;
  for (const a of usual) for (const b of others) wins += b > a ? 1 : b === a ? 0.5 : 0;
  return wins / usual.length / others.length;
}
