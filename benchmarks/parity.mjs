/*
 * Compares every model with PyTorch and exchanges weights in both directions:
 *   node benchmarks/parity.mjs --python PYTHON [--engine native|wasm] [--only PATTERN] [--folder FOLDER]
 * PYTHON needs torch, torchvision and safetensors, and timm and transformers to read their files too.
 *
 * PyTorch writes weight files (both formats of torch.save, and safetensors). Our models load them and are compared in
 * logits (evaluation mode), in the losses of the first and fourth step of Adam, and in the gradient of every weight. For
 * scale, the table also shows how far PyTorch's float32 is from its float64, for the worse of two memory layouts: a ReLU
 * input whose sign changes by rounding causes differences of 1e-3 to 1e-2 in the gradients before it, on both sides.
 * Finally, PyTorch loads the safetensors that we write (strictly) and compares.
 *
 * --only selects the cases whose title contains PATTERN. --folder keeps the files and reuses what PyTorch wrote there.
 * THREADS=1 in the environment limits PyTorch to one thread (default: 2).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, stateDict } from '@nonlocal-med/models';
import { loadPretrained } from '@nonlocal-med/models/node';
import { readSafetensors, softmaxCrossEntropy, writeSafetensors } from '@nonlocal-med/tensor';
import { createAdam } from '@nonlocal-med/train';
import * as tf from '@tensorflow/tfjs-core';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    engine: { type: 'string', default: 'auto' },
    only: { type: 'string', default: '' },
    folder: { type: 'string' },
  },
});
/** Largest difference allowed in logits and losses. */
const ALLOWED = 1e-4;
/** A gradient may differ by at most this many times the largest float32 error of PyTorch with the same backbone. */
const FACTOR = 5;
const SMALL = [97, 130];

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'parity-'));
mkdirSync(folder, { recursive: true });
const python = (command) =>
  execFileSync(
    values.python,
    [fileURLToPath(new URL('parity.py', import.meta.url)), command, folder, values.only],
    { stdio: 'inherit' },
  );
const path = (file) => join(folder, file);
const readJson = (file) => JSON.parse(readFileSync(path(file), 'utf8'));
const largest = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
const relativeToLarge = (values, expected) =>
  largest(values, expected) / Math.max(1, ...expected.map(Math.abs));

/** Images written by PyTorch, [2, height, width, 3]. */
const images = (height, width) =>
  tf.tensor4d(
    new Float32Array(new Uint8Array(readFileSync(path(`${height}x${width}.f32`))).buffer),
    [2, height, width, 3],
  );

/** Largest difference in logits over all image sizes that PyTorch evaluated; relative for logits above 1. */
function logitsDifference(model, expected) {
  return Math.max(
    ...Object.entries(expected).map(([size, logits]) =>
      tf.tidy(() =>
        relativeToLarge(
          [...model.predict(images(...size.split('x').map(Number))).dataSync()],
          logits,
        ),
      ),
    ),
  );
}

/** Takes steps of Adam on one batch. Returns the loss before each, and the first gradients by PyTorch's names and layouts. */
function train(model, steps) {
  const weights = model.trainableWeights.map((weight) => weight.read());
  const [x, labels] = [images(...SMALL), tf.tensor1d([0, 1], 'int32')];
  const adam = createAdam(weights.map((variable) => ({ name: variable.name, variable })));
  const losses = [];
  let gradients;
  for (let step = 0; step < steps; step++) {
    const { value, grads } = tf.variableGrads(
      () => softmaxCrossEntropy(model.apply(x, { training: true }), labels),
      weights,
    );
    losses.push(value.dataSync()[0]);
    gradients ??= inTorchLayout(model, grads);
    adam.apply(
      weights.map(({ name }) => grads[name]),
      2e-4,
    );
    tf.dispose([value, grads]);
  }
  tf.dispose([x, labels]);
  adam.dispose();
  return { losses, gradients };
}

/** Puts the gradients in place of the weights for a moment, because `stateDict` knows names and layouts. */
function inTorchLayout(model, grads) {
  const variables = model.trainableWeights.map((weight) => weight.read());
  const kept = variables.map((variable) => tf.clone(variable));
  variables.forEach((variable) => variable.assign(grads[variable.name]));
  const found = stateDict(model);
  variables.forEach((variable, i) => variable.assign(kept[i]));
  tf.dispose(kept);
  return found;
}

/** |ours - PyTorch's| / |PyTorch's| of each weight's gradient, sorted, without those that are zero except for rounding. */
function gradientDifferences(ours, expected) {
  const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const norms = new Map([...expected].map(([key, { data }]) => [key, norm(data)]));
  const top = Math.max(...norms.values());
  return [...expected]
    .filter(([key]) => norms.get(key) > 1e-5 * top)
    .map(
      ([key, { data }]) =>
        norm(data.map((value, i) => value - ours.get(key).data[i])) / norms.get(key),
    )
    .sort((a, b) => a - b);
}

/** Compares one case: loads each of its files, then trains from the first. */
async function compare({ index, name, options, classes, files, logits, losses }) {
  const model = createModel(name, { classes, ...options });
  let worst = 0;
  for (const [, file] of files.toReversed()) {
    await loadPretrained(model, path(file), { match: 'exact' });
    worst = Math.max(worst, logitsDifference(model, logits));
  }
  writeFileSync(path(`${index}.safetensors`), writeSafetensors(stateDict(model)));
  const trained = train(model, losses.length);
  const gradients = gradientDifferences(
    trained.gradients,
    readSafetensors(readFileSync(path(`${index}.gradients`))),
  );
  model.dispose();
  return {
    logits: worst,
    loss: Math.abs(trained.losses[0] - losses[0]),
    last: Math.abs(trained.losses.at(-1) - losses.at(-1)),
    median: gradients[Math.floor(gradients.length / 2)],
    gradients: gradients.at(-1),
  };
}

const { backend } = await useEngine({ backend: values.engine });
python('write');
const cases = readJson('cases.json');
const short = (value) => value.toExponential(1).padStart(8);
console.log(
  `\n${backend}: largest differences from PyTorch; in brackets PyTorch's float32 compared with its float64\n`,
);
console.log(
  `${'logits'.padStart(8)} ${'loss'.padStart(8)} ${'4th loss'.padStart(8)} (PyTorch) ${'gradients: median'.padStart(17)} ${'worst'.padStart(8)} (PyTorch)  model`,
);
const results = [];
for (const found of cases) {
  const result = await compare(found);
  results.push(result);
  const formats = found.files.map(([format]) => format).join(', ');
  console.log(
    `${short(result.logits)} ${short(result.loss)} ${short(result.last)} (${short(found.own.last).trim().padStart(7)}) ${short(result.median).padStart(17)} ${short(result.gradients)} (${short(found.own.gradients).trim().padStart(7)})  ${found.title} (${formats})`,
  );
}
python('check');
const checked = readJson('checked.json');
const back = cases.map(({ index, logits }) => ({
  equal: checked[index].equal,
  difference: relativeToLarge(checked[index].logits, Object.values(logits)[0]),
}));
const unequal = back.filter(({ equal }) => !equal).length;
const most = (pick) => Math.max(...results.map(pick));
const backboneOf = ({ name }) => name.split('-')[0].split('@')[0];
const far = results.filter(
  ({ gradients }, i) =>
    gradients >
    FACTOR *
      Math.max(
        ...cases
          .filter((other) => backboneOf(other) === backboneOf(cases[i]))
          .map(({ own }) => own.gradients),
      ),
);
console.log(
  `\nfrom PyTorch: ${cases.reduce((count, { files }) => count + files.length, 0)} files, logits ${short(most(({ logits }) => logits)).trim()}, loss ${short(most(({ loss }) => loss)).trim()} (allowed ${ALLOWED}), gradients ${short(most(({ gradients }) => gradients)).trim()} (${far.length} above ${FACTOR} times PyTorch's own error)`,
);
console.log(
  `to PyTorch: ${cases.length} files load strictly, ${back.length - unequal} with every tensor bit-identical, logits ${short(Math.max(...back.map(({ difference }) => difference))).trim()}`,
);
if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
if (most(({ logits, loss }) => Math.max(logits, loss)) > ALLOWED || far.length + unequal > 0)
  process.exitCode = 1;
