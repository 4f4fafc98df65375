/*
 * How well images are recognized that are unlike the training images:
 *   node benchmarks/unlike.mjs FOLDER [--patient PATTERN] [--other FOLDER]... [--limit N]
 *
 * Reads all images below FOLDER, leaves out a quarter of the patients, and computes the statistics of the others, as a run
 * does of its training images; counts false alarms with each quarter in turn. Then prints, for the first quarter, for changed copies of it, for images of
 * other folders, and for blank and noise images: the share that is reported as unlike the training images, and the AUC of
 * the distance against the unchanged images.
 *
 * PATTERN is a regular expression whose first group is the patient in the path of an image; default: each image is a
 * patient. --limit takes only that many images of each folder, evenly spaced.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom, defaultPreprocessing } from '@nonlocal-med/core';
import { decodeImage, pixelStatistics } from '@nonlocal-med/data';
import { createUnlikeCheck, fitStatistics } from '@nonlocal-med/pipeline';
import sharp from 'sharp';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    patient: { type: 'string' },
    other: { type: 'string', multiple: true, default: [] },
    limit: { type: 'string', default: 'Infinity' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Give the folder of the training images.');
const patientPattern = values.patient === undefined ? undefined : new RegExp(values.patient);

const statisticsOf = (pixels) => pixelStatistics(pixels, defaultPreprocessing);

/** Images below a folder in the order of their names. */
function imagesBelow(path) {
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|tiff?|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const number = Math.min(files.length, Number(values.limit));
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
const changes = {
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
function auc(usual, others) {
  let wins = 0;
  for (const a of usual) for (const b of others) wins += b > a ? 1 : b === a ? 0.5 : 0;
  return wins / usual.length / others.length;
}

const files = imagesBelow(folder);
const patients = files.map(
  (file) => patientPattern?.exec(relative(folder, file))?.[1] ?? relative(folder, file),
);
const order = createRandom(0, 'patients').shuffle([...new Set(patients)]);
const quarterOf = new Map(order.map((patient, position) => [patient, position % 4]));
const quarters = patients.map((patient) => quarterOf.get(patient));

let [decoding, describing] = [0, 0];
const all = [];
for (const [index, file] of files.entries()) {
  const start = performance.now();
  const pixels = await decodeImage(file);
  const decoded = performance.now();
  all.push({ ...statisticsOf(pixels), group: patients[index] });
  decoding += decoded - start;
  describing += performance.now() - decoded;
}
console.log(
  `${files.length} images of ${order.length} patients; per image ${(decoding / files.length).toFixed(1)} ms for decoding and ${(describing / files.length).toFixed(1)} ms for the statistics`,
);

function checkWithout(quarter) {
  const fitted = fitStatistics(all.filter((_, index) => quarters[index] !== quarter));
  if (fitted === null) throw new Error(`${files.length} images are too few.`);
  return createUnlikeCheck({ ...fitted, heldOut: null });
}

const checks = [0, 1, 2, 3].map(checkWithout);
const alarms = all.filter((image, index) => checks[quarters[index]](image).distance > 1).length;
console.log(
  `False alarms, each quarter of the patients left out in turn: ${alarms} of ${files.length} images (${((100 * alarms) / files.length).toFixed(1)} %)\n`,
);
const [check] = checks;
const held = files.filter((_, index) => quarters[index] === 0);
console.log('| images | number | reported | AUC | reason of the first |\n|---|--:|--:|--:|---|');
let usual;
function report(title, statistics) {
  const found = statistics.map((image) => check(image));
  const distances = found.map(({ distance }) => distance);
  usual ??= distances;
  const flagged = found.filter(({ distance }) => distance > 1);
  const share = ((100 * flagged.length) / found.length).toFixed(1);
  console.log(
    `| ${title} | ${found.length} | ${share} % | ${auc(usual, distances).toFixed(3)} | ${flagged[0]?.text ?? ''} |`,
  );
}
for (const [title, change] of Object.entries(changes)) {
  const random = createRandom(0, title);
  const statistics = [];
  for (const file of held)
    statistics.push(statisticsOf(await change(await decodeImage(file), random)));
  report(title, statistics);
}
for (const other of values.other) {
  const statistics = [];
  for (const file of imagesBelow(other)) statistics.push(statisticsOf(await decodeImage(file)));
  report(other, statistics);
}
const flat = (level) => ({
  data: new Uint8Array(512 * 512).fill(level),
  width: 512,
  height: 512,
  channels: 1,
});
report(
  'blank',
  [0, 32, 64, 96, 128, 160, 192, 224, 255].map((level) => statisticsOf(flat(level))),
);
const random = createRandom(0, 'noise');
report(
  'noise',
  [1, 1, 1, 1, 1, 3, 3, 3, 3, 3].map((channels) =>
    statisticsOf({
      data: new Uint8Array(512 * 512 * channels).map(() => random.integer(256)),
      width: 512,
      height: 512,
      channels,
    }),
  ),
);
