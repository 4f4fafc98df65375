/*
 * Real weight files of PyTorch through our models and back:
 *   node bench/parity.mjs --python PYTHON --reference FOLDER_OF_models.py [--engine native|wasm] [--folder FOLDER]
 * --folder keeps the files; PyTorch's are then written once.
 * PyTorch (torchvision, timm, safetensors in that Python) writes .pth files, zip and older form by turns; our logits are
 * compared with its own at 224, 386 and non-square sizes, the gradients of one training step with its float64 ones (a ReLU
 * input that changes sign shows there as 1e-3 to 1e-2 in the worst weight); PyTorch loads the safetensors that we write.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, stateDict } from '@nonlocal-med/models';
import { loadPretrained } from '@nonlocal-med/models/node';
import { softmaxCrossEntropy, writeSafetensors } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

const { values } = parseArgs({ options: { python: { type: 'string' }, reference: { type: 'string' }, engine: { type: 'string', default: 'auto' }, folder: { type: 'string' } } });
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'parity-'));
const python = (command) => execFileSync(values.python, [fileURLToPath(new URL('parity.py', import.meta.url)), command, folder, values.reference], { stdio: 'inherit' });
const largest = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

const SMALL = [97, 130];
/** Images written by PyTorch, [2, height, width, 3]. */
const images = (height, width) => tf.tensor4d(new Float32Array(new Uint8Array(readFileSync(join(folder, `${height}x${width}.f32`))).buffer), [2, height, width, 3]);

/** Relative differences of the gradients' norms, sorted; gradients that are zero but for rounding are left out. */
function gradientDifferences(model, expected) {
  return tf.tidy(() => {
    const [x, labels] = [images(...SMALL), tf.tensor1d([0, 1], 'int32')];
    const weights = model.layers.flatMap((layer) => layer.trainableWeights.map((weight) => [`${layer.name}.${weight.originalName.split('/').at(-1)}`, weight.read()]));
    const { grads } = tf.variableGrads(() => softmaxCrossEntropy(model.apply(x, { training: true }), labels), weights.map(([, variable]) => variable));
    const top = Math.max(...Object.values(expected));
    return weights
      .filter(([key]) => expected[key] > 1e-5 * top)
      .map(([key, variable]) => Math.abs(tf.norm(grads[variable.name]).dataSync()[0] / expected[key] - 1))
      .sort((a, b) => a - b);
  });
}

const { engine } = await useEngine({ engine: values.engine });
if (!existsSync(join(folder, 'cases.json'))) python('write');
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
let worst = 0;
for (const { case: title, name, options, classes, file, format, logits, gradients } of cases) {
  const model = createModel(name, { classes, ...options });
  const report = await loadPretrained(model, join(folder, file), { match: 'exact' });
  const differences = Object.entries(logits).map(([size, expected]) => {
    const [height, width] = size.split('x').map(Number);
    const ours = tf.tidy(() => [...model.predict(images(height, width)).dataSync()]);
    return [size, largest(ours, expected)];
  });
  if (format !== 'safetensors') writeFileSync(join(folder, file.replace('.pth', '.safetensors')), writeSafetensors(stateDict(model)));
  worst = Math.max(worst, ...differences.map(([, difference]) => difference));
  const relative = gradientDifferences(model, gradients);
  const text = [...differences, ['gradients, median', relative[Math.floor(relative.length / 2)]], ['worst', relative.at(-1)]].map(([what, difference]) => `${what} ${difference.toExponential(1)}`);
  console.log(`${title} (${format}, ${report.loaded.length} tensors): ${text.join(', ')}`);
  model.dispose();
}
python('check');
const checked = JSON.parse(readFileSync(join(folder, 'checked.json'), 'utf8'));
const back = cases.filter(({ format }) => format !== 'safetensors').map(({ case: title, logits }) => ({ title, equal: checked[title].equal, difference: largest(checked[title].logits, Object.values(logits)[0]) }));
const unequal = back.filter(({ equal }) => !equal);
console.log(`${engine}: largest difference of logits ${worst.toExponential(2)} over ${cases.length} files (allowed 1e-4)`);
console.log(`back in PyTorch: ${back.length} files load strictly, ${back.length - unequal.length} with every tensor bit for bit, largest difference of logits ${Math.max(...back.map(({ difference }) => difference)).toExponential(2)}`);
if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
if (worst > 1e-4 || unequal.length > 0) process.exitCode = 1;
