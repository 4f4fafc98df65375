// Milliseconds per image of each step from file to network, on one thread. Build first, then: node bench/steps.mjs
import { createRandom, defaultPreprocessing } from '@nonlocal-med/core';
import sharp from 'sharp';
import { applyAugmentation } from '../dist/image/applyAugmentation.js';
import { augment } from '../dist/image/augment.js';
import { clahe, claheLab } from '../dist/image/clahe/clahe.js';
import { decodeImage } from '../dist/image/decodeImage.js';
import { localMean } from '../dist/image/localMean.js';
import { normalize } from '../dist/image/preprocess.js';
import { resizeArea } from '../dist/image/resize.js';
import { tinyLesionsImage } from '../dist/synthetic/tinyLesions.js';

sharp.concurrency(1);
sharp.cache(false);
const ROUNDS = 25;

async function median(action) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await action(round);
    times.push(performance.now() - start);
  }
  return Number(times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)].toFixed(2));
}

const photo = (size) => tinyLesionsImage({ size, index: 3 }).pixels;
const [small, large] = [photo(512), photo(1440)];
const jpeg = async ({ data, width, height }) =>
  new Uint8Array(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer(),
  );
const [smallJpeg, largeJpeg] = [await jpeg(small), await jpeg(large)];
const shape = { width: 386, height: 386 };
const pixels = resizeArea(small, [386, 386]);
const plane = pixels.data.filter((_, i) => i % 3 === 1);
const batch = new Float32Array(3 * 386 * 386);
const random = createRandom(0, 'bench');
const rotated = { horizontalFlip: true, verticalFlip: false, diagonalFlip: 'transpose', angle: 77 };

console.table({
  'decode 512 x 512 JPEG': await median(() => decodeImage(smallJpeg)),
  'decode 1440 x 1440 JPEG': await median(() => decodeImage(largeJpeg)),
  'resize 512 to 386': await median(() => resizeArea(small, [386, 386])),
  'resize 1440 to 386': await median(() => resizeArea(large, [386, 386])),
  'CLAHE, grayscale, 386': await median(() => clahe(plane, shape)),
  'CLAHE, LAB, 386': await median(() => claheLab(pixels.data, shape)),
  'local mean, 386': await median(() => localMean(pixels)),
  'flips and a rotation, 386': await median(() => applyAugmentation(pixels, rotated)),
  'flips alone, 386': await median(() => applyAugmentation(pixels, { ...rotated, angle: 90 })),
  'sampled augmentation, 386': await median(() => augment(pixels, random)),
  'normalize, 386': await median(() => normalize(pixels, defaultPreprocessing, batch)),
  'synthetic image, 96': await median((round) => tinyLesionsImage({ index: round })),
  'synthetic image, 128': await median((round) => tinyLesionsImage({ size: 128, index: round })),
});
