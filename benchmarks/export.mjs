/*
 * Checks exported models and their preprocessing in Python:
 *   node benchmarks/export.mjs --python PYTHON [--only PATTERN]
 * PYTHON needs onnx, onnxruntime, tensorflow (or tensorflow-cpu), numpy and opencv-python.
 *
 * Every model of the registry is exported to ONNX and as a SavedModel at two sizes. `onnx.checker` checks the file, ONNX
 * Runtime and `tf.saved_model.load` run it on three images and on one, and the outputs are compared with those of the model.
 * Then preprocess.py prepares synthetic images by every fit, contrast and depth, and is compared with what training does.
 * Exits with 1 if a difference is above 1e-4.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareInput } from '@nonlocal-med/classifier';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, modelNames, recordModel } from '@nonlocal-med/models';
import { encodeOnnx, encodeSavedGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { fillWeights } from './src/fillWeights.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    only: { type: 'string', default: '' },
  },
});
/** Largest difference allowed in logits (relative, for logits above 1), probabilities and prepared values of 0 to 255. */
const ALLOWED = 1e-4;
const SIZES = [
  [97, 130],
  [224, 224],
];
const LABELS = 3;
const CALIBRATION = { slopes: [0.5, 0.5, 0.5], intercepts: [0, 0, 0] };

const root = mkdtempSync(join(tmpdir(), 'export-'));
const python = (command, folder) =>
  execFileSync(
    values.python,
    [fileURLToPath(new URL('export.py', import.meta.url)), command, folder],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    },
  )
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const writeFloats = (file, array) =>
  writeFileSync(file, Buffer.from(array.buffer, array.byteOffset, array.byteLength));

/** Writes a model in both formats, images, and what the model gives for them. */
function writeCase(name, [height, width]) {
  const folder = join(root, 'models', `${name} ${height}x${width}`);
  mkdirSync(join(folder, '1'), { recursive: true });
  const model = createModel(name, { classes: LABELS, inputSize: [height, width] });
  fillWeights(model);
  const graph = recordModel(model, { calibration: CALIBRATION });
  writeFileSync(
    join(folder, 'model.onnx'),
    encodeOnnx(graph, { name, producerVersion: '0.0.0', metadata: {} }),
  );
  writeFileSync(join(folder, '1', 'saved_model.pb'), encodeSavedGraph(graph));
  const shape = [3, height, width, 3];
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ shape, labels: LABELS }));
  tf.tidy(() => {
    const images = tf.mul(2, tf.sin(tf.reshape(tf.range(0, 9 * height * width), shape)));
    const logits = model.predict(images);
    const outputs = {
      images,
      logits,
      probabilities: tf.softmax(logits),
      calibrated: tf.softmax(tf.mul(logits, CALIBRATION.slopes[0])),
    };
    for (const [file, tensor] of Object.entries(outputs))
      writeFloats(join(folder, `${file}.f32`), tensor.dataSync());
  });
  model.dispose();
}

/** Synthetic images as files, and how training prepares them. */
async function writeImages() {
  const folder = join(root, 'images');
  mkdirSync(folder);
  const cases = [];
  const fits = ['stretch', 'letterbox', 'center-crop', 'fundus-crop'];
  for (const fit of fits)
    for (const contrast of ['clahe', 'local-mean', 'none'])
      for (const color of ['rgb', 'grey'])
        for (const bits of [8, 12])
          cases.push(
            { fit, contrast, color, bits, size: [160, 192] },
            { fit, contrast, color, bits, size: [256, 224] },
          );
  for (const [index, { bits, ...chosen }] of cases.entries()) {
    const preprocessing = {
      ...defaultPreprocessing,
      ...chosen,
      values: bits === 8 ? '8-bit' : [0, 4095],
    };
    const side = 200 + 37 * (index % 11);
    const { pixels } = tinyLesionsImage({ size: side, seed: 1, index, classes: 2 });
    // 12 bits: levels with digits below those of 8 bits.
    const stored =
      bits === 8
        ? pixels.data
        : Uint16Array.from(pixels.data, (level, i) => Math.min(level * 16 + ((i * 7) % 16), 4095));
    const levels =
      bits === 8 ? stored : Uint16Array.from(stored, (value) => value * (65535 / 4095) + 0.5);
    const image = `${index}.png`;
    const raw = { width: pixels.width, height: pixels.height, channels: 3 };
    const encoded = sharp(stored, { raw });
    await (bits === 8 ? encoded : encoded.toColourspace('rgb16')).png().toFile(join(folder, image));
    const expected = `${index}.f32`;
    writeFloats(
      join(folder, expected),
      prepareInput({ ...pixels, data: levels }, { preprocessing }),
    );
    const title = `${side} to ${chosen.size.join('x')}, ${chosen.fit}, ${chosen.contrast}, ${chosen.color}, ${bits} bits`;
    cases[index] = { title, image, expected, preprocessing };
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  return folder;
}

await useEngine({ backend: 'native' });
let failed = 0;
const check = (title, difference, remark = '') => {
  if (!(difference <= ALLOWED)) failed++;
  console.log(
    `${difference <= ALLOWED ? 'ok    ' : 'FAILED'} ${difference.toExponential(1)}  ${title}${remark}`,
  );
};
try {
  const images = python('preprocess', await writeImages());
  const worst = images.reduce((a, b) => (b.difference > a.difference ? b : a));
  for (const { case: title, difference, share } of images)
    if (difference > ALLOWED)
      check(title, difference, ` (${(100 * share).toFixed(3)} % of values)`);
  check(
    `preprocess.py, ${images.length} images and settings; largest: ${worst.case}`,
    worst.difference,
  );
  for (const name of modelNames().filter((candidate) => candidate.includes(values.only)))
    for (const size of SIZES) {
      writeCase(name, size);
      for (const { case: title, runtime, difference, opset } of python(
        'models',
        join(root, 'models'),
      ))
        check(
          `${title}, ${runtime}`,
          difference,
          runtime === 'onnxruntime' ? `, opset ${opset}` : '',
        );
      rmSync(join(root, 'models'), { recursive: true });
    }
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
