/*
 * Trains ResNet18 on several findings per image, here and in PyTorch, and compares the AUC of each finding:
 *   node benchmarks/findings.mjs --python PYTHON [--epochs N] [--folder FOLDER]
 * PYTHON needs torch, torchvision and numpy. FOLDER keeps the files; what PyTorch computed for the same task is used again.
 *
 * The images are made here: noise of 48 pixels with dots, a disc and a stripe, each independently present or absent. Of
 * the labels for training 10 % are wrong and 10 % are not known; those for the test are right. Both train three times on
 * the same split with the same initial weights, order of images, positive weights and Adam; so what differs is the
 * arithmetic. Fails unless the mean AUC of each finding is within the range of PyTorch's three.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '@nonlocal-med/core';
import { balancedPositiveWeights } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, stateDict } from '@nonlocal-med/models';
import { writeSafetensors } from '@nonlocal-med/tensor';
import { fit, predict } from '@nonlocal-med/train';
import { evaluateFindings } from '../packages/metrics/dist/index.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    epochs: { type: 'string', default: '5' },
    folder: { type: 'string' },
  },
});
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'findings-'));
mkdirSync(folder, { recursive: true });

const FINDINGS = ['dots', 'disc', 'stripe'];
const SHARES = [0.4, 0.3, 0.2];
const SEEDS = [0, 1, 2];
const [SIDE, TRAINING, TEST, BATCH, RATE] = [48, 400, 300, 10, 3e-4];
const EPOCHS = Number(values.epochs);
const PIXELS = SIDE * SIDE;

/** A gray image [SIDE, SIDE] of noise with what is present, about 0 on average. */
function drawImage(random, present) {
  const image = Float32Array.from({ length: PIXELS }, () => random.normal(0, 0.4));
  const add = (value, isInside) => {
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) if (isInside(x, y)) image[y * SIDE + x] += value;
  };
  const place = () => random.uniform(8, SIDE - 8);
  if (present[0])
    for (let dot = 0; dot < 8; dot++) {
      const [x0, y0] = [place(), place()];
      add(2.5, (x, y) => (x - x0) ** 2 + (y - y0) ** 2 < 4);
    }
  if (present[1]) {
    const [x0, y0, radius] = [place(), place(), random.uniform(6, 11)];
    add(0.8, (x, y) => (x - x0) ** 2 + (y - y0) ** 2 < radius ** 2);
  }
  if (present[2]) {
    const [angle, offset] = [random.uniform(0, Math.PI), random.uniform(-11, 11)];
    const [across, down] = [Math.cos(angle), Math.sin(angle)];
    add(1.6, (x, y) => Math.abs(across * (x - SIDE / 2) + down * (y - SIDE / 2) - offset) < 1.5);
  }
  return image;
}

/** Images, and labels of which some are wrong and, for training, some not known. */
function makeSet(name, count, { wrong, unknown }) {
  const random = createRandom(0, 'findings', name);
  const samples = Array.from({ length: count }, () => {
    const present = SHARES.map((share) => random.chance(share));
    const image = drawImage(random, present);
    const findings = present.map((is) => {
      const label = Number(random.chance(wrong) ? !is : is);
      return random.chance(unknown) ? -1 : label;
    });
    return { image, findings };
  });
  const images = new Float32Array(count * PIXELS);
  samples.forEach(({ image }, index) => images.set(image, index * PIXELS));
  writeFileSync(join(folder, `${name}.f32`), new Uint8Array(images.buffer));
  return { samples, labels: samples.map(({ findings }) => findings) };
}

/** A source of batches in a given order of each epoch, with the gray value in all three channels. */
const sourceOf = ({ samples }, orderOf) => ({
  task: 'multilabel',
  classes: FINDINGS,
  sampleCount: samples.length,
  batchesPerEpoch: Math.ceil(samples.length / BATCH),
  async *epoch(index, { firstBatch = 0 } = {}) {
    const order = orderOf(index);
    for (let start = firstBatch * BATCH; start < order.length; start += BATCH) {
      const rows = order.slice(start, start + BATCH);
      const images = new Float32Array(rows.length * PIXELS * 3);
      rows.forEach((row, i) =>
        samples[row].image.forEach((value, at) =>
          images.fill(value, 3 * (i * PIXELS + at), 3 * (i * PIXELS + at) + 3),
        ),
      );
      await Promise.resolve();
      yield {
        images,
        shape: [rows.length, SIDE, SIDE, 3],
        labels: Int32Array.from(rows.flatMap((row) => samples[row].findings)),
        ids: rows.map(String),
      };
    }
  },
});

await useEngine({ backend: 'auto' });
const training = makeSet('training', TRAINING, { wrong: 0.1, unknown: 0.1 });
const test = makeSet('test', TEST, { wrong: 0, unknown: 0 });
const positiveWeights = balancedPositiveWeights(training.samples, FINDINGS.length);
const inOrder = [...Array(TEST).keys()];
const ours = [];
const orders = [];
for (const seed of SEEDS) {
  const order = (epoch) => createRandom(seed, 'order', epoch).shuffle([...Array(TRAINING).keys()]);
  orders.push(Array.from({ length: EPOCHS }, (_, epoch) => order(epoch)));
  const model = createModel('resnet18', {
    classes: FINDINGS.length,
    task: 'multilabel',
    inputSize: SIDE,
    seed,
  });
  writeFileSync(join(folder, `initial-${seed}.safetensors`), writeSafetensors(stateDict(model)));
  const losses = [];
  const options = { epochs: EPOCHS, learningRate: RATE, positiveWeights, graph: true };
  for await (const event of fit({ ...options, model, train: sourceOf(training, order) })) {
    if (event.type === 'step') losses.push(event.loss);
    if (event.type === 'epoch')
      console.log(`seed ${seed}, epoch ${event.epoch}: loss ${event.trainLoss.toFixed(4)}`);
  }
  const predictions = await predict(
    model,
    sourceOf(test, () => inOrder),
  );
  ours.push({ losses, predictions });
  model.dispose();
}

const task = JSON.stringify({
  seeds: SEEDS,
  side: SIDE,
  batch: BATCH,
  learningRate: RATE,
  positiveWeights,
  labels: training.labels,
  test: TEST,
  orders,
});
const [taskFile, torchFile] = ['task.json', 'pytorch.json'].map((name) => join(folder, name));
if (!existsSync(torchFile) || readFileSync(taskFile, 'utf8') !== task) {
  rmSync(torchFile, { force: true });
  writeFileSync(taskFile, task);
  const script = fileURLToPath(new URL('findings.py', import.meta.url));
  execFileSync(values.python, [script, folder], { stdio: 'inherit' });
}
const torch = JSON.parse(readFileSync(torchFile, 'utf8'));

const aucs = (probabilities) =>
  evaluateFindings({
    findings: FINDINGS,
    ids: inOrder.map(String),
    labels: Int32Array.from(test.labels.flat()),
    probabilities: Float64Array.from(probabilities),
  }).perFinding.map(({ auc }) => auc.value);
const [here, there] = [
  ours.map(({ predictions }) => aucs(predictions.probabilities)),
  torch.runs.map(({ probabilities }) => aucs(probabilities)),
];
const first = ours.map(({ losses }, i) => Math.abs(losses[0] - torch.runs[i].losses[0]));
const text = (numbers) => numbers.map((number) => number.toFixed(3)).join('  ');
console.log(
  `\nPyTorch ${torch.version}; ${TRAINING} training and ${TEST} test images, ${EPOCHS} epochs`,
);
console.log(`Positive weights: ${text(positiveWeights)}`);
console.log(`Loss of the first step: at most ${Math.max(...first).toExponential(1)} apart\n`);
console.log(`finding   here, seeds 0 1 2      PyTorch, seeds 0 1 2   means         within`);
let failed = 0;
FINDINGS.forEach((finding, f) => {
  const [a, b] = [here, there].map((runs) => runs.map((run) => run[f]));
  const [mean, other] = [a, b].map((list) => list.reduce((sum, x) => sum + x, 0) / list.length);
  const within = mean >= Math.min(...b) && mean <= Math.max(...b);
  if (!within) failed += 1;
  console.log(
    `${finding.padEnd(8)}  ${text(a)}    ${text(b)}    ${text([mean, other])}  ${within ? 'yes' : 'NO'}`,
  );
});
if (values.folder === undefined) rmSync(folder, { recursive: true });
process.exitCode = failed > 0 ? 1 : 0;
