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
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createUnlikeCheck } from '@nonlocal-med/classifier';
import { createRandom, defaultPreprocessing } from '@nonlocal-med/core';
import { decodeImage, pixelStatistics } from '@nonlocal-med/data';
import { fitStatistics } from '@nonlocal-med/pipeline';
import { auc, changes, imagesBelow } from './imageChanges.mjs';

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

const files = imagesBelow(folder, Number(values.limit));
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
  for (const file of imagesBelow(other, Number(values.limit)))
    statistics.push(statisticsOf(await decodeImage(file)));
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
