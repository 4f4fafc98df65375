/*
 * How long a radiograph of 2,500 x 3,000 pixels takes to decode and to prepare for a network, by transfer syntax, and how
 * long once it is in the cache of prepared images:
 *   node benchmarks/dicom-speed.mjs --python PYTHON --image IMAGE [--rounds N]
 * IMAGE is any radiograph; PYTHON needs pydicom, pylibjpeg, pylibjpeg-openjpeg, pyjpegls, numpy and pillow. Prints the median seconds
 * of processor time, which depends little on what else the machine does, after the name of the processor.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createLoader, decodeImage } from '@nonlocal-med/data';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    image: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'dicom-speed-'));
const script = fileURLToPath(new URL('dicom-speed.py', import.meta.url));
execFileSync(values.python, [script, values.image, folder], { stdio: 'inherit' });

/** Median processor seconds of a call, after a first one that is not counted. */
async function seconds(call) {
  const all = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    const before = process.cpuUsage();
    await call();
    const { user, system } = process.cpuUsage(before);
    all.push((user + system) / 1e6);
  }
  return all.slice(1).sort((a, b) => a - b)[Math.floor(Number(values.rounds) / 2)];
}

const preprocessing = {
  size: [224, 224],
  fit: 'stretch',
  color: 'rgb',
  contrast: 'none',
  clipLimit: 2,
  tiles: [8, 8],
  mean: [0, 0, 0],
  std: [1, 1, 1],
  values: { window: 'file' },
};
const one = { batchSize: 1, workers: 0, classes: ['any'], preprocessing, shuffle: false };

console.log(`${cpus()[0].model}, ${cpus().length} cores`);
for (const name of readdirSync(folder)
  .filter((file) => file.endsWith('.dcm'))
  .sort()) {
  const file = join(folder, name);
  const load = (cacheFolder) => async () => {
    const samples = [{ id: name, label: 0, file }];
    const loader = createLoader(samples, { ...one, cacheFolder });
    for await (const batch of loader.epoch(0)) if (batch.images.length === 0) throw new Error();
    await loader.close();
  };
  const decode = await seconds(() => decodeImage(file, preprocessing));
  const plain = await seconds(load(undefined));
  const cached = await seconds(load(join(folder, 'cache')));
  const size = `${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    `${name.replace('.dcm', '').padEnd(14)} ${size.padStart(9)}  decode ${decode.toFixed(2)} s  prepare ${plain.toFixed(2)} s  cached ${cached.toFixed(3)} s`,
  );
}
rmSync(folder, { recursive: true });
