// Everything that `trainer data check` does with a folder of images, or decoding them, with as many threads.
import { mkdtempSync, readdirSync, rmSync, symlinkSync, mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeImage, describeDataset } from '@nonlocal-med/data';
import { findShortcuts, openRunDataset } from '@nonlocal-med/pipeline';
import sharp from 'sharp';
import { input, serve } from './serve.mjs';

const { side, folder, images } = input;
const names = Array.from({ length: images }, (_, index) => join('ab'[index % 2], `${index}.jpg`));

/** The first images of the folder, as a data set of their own. */
const part = mkdtempSync(join(tmpdir(), 'bench-part-'));
process.once('exit', () => rmSync(part, { recursive: true, force: true }));
for (const name of readdirSync(folder)) mkdirSync(join(part, name));
for (const name of names) symlinkSync(join(folder, name), join(part, name));

async function check() {
  const dataset = await openRunDataset({ path: part, cacheFolder: null });
  describeDataset(dataset, { test: 0.1, validation: 0.1, seed: 0 });
  findShortcuts(dataset);
  return { checked: dataset.samples.length };
}

async function decode() {
  let next = 0;
  const lane = async () => {
    while (next < names.length) await decodeImage(join(folder, names[next++]));
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane));
}

sharp.concurrency(1);
sharp.cache(false);
await serve({}, side === 'check' ? check : decode);
