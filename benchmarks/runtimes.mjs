/*
 * The same models in every runtime that they are exported to: difference from native TensorFlow, time of an image, size.
 *   node benchmarks/runtimes.mjs [--python PYTHON]... [--size 224] [--write]
 * Each PYTHON has one or more of onnxruntime, tensorflow and torch; a runtime that is not installed has no row. With --write, the table
 * in docs/export.md is replaced. Runtimes take turns model by model; measure on a quiet machine.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { applyNetwork, loadNetwork } from '@nonlocal-med/classifier';
import { filesIn } from '@nonlocal-med/classifier/node';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { exportTrained } from '@nonlocal-med/pipeline';
import { describeMachine } from './src/describeMachine.mjs';
import { fillWeights } from './src/fillWeights.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string', multiple: true, default: [] },
    size: { type: 'string', default: '224' },
    write: { type: 'boolean', default: false },
  },
});
const MODELS = ['shufflenetv2', 'resnet18', 'resnet18-nla'];
const side = (name) => fileURLToPath(new URL(`sides/${name}`, import.meta.url));
const fromClassifier = createRequire(
  new URL('../packages/classifier/package.json', import.meta.url),
);

const inNode = (runtime) => (folder) =>
  run(process.execPath, [side('runtime.mjs'), runtime, folder]);
const inPython = (module, runtime) => (folder) => {
  const python = values.python.find((candidate) => imports(candidate, module));
  return python === undefined ? null : run(python, [side('runtime.py'), runtime, folder]);
};
const RUNTIMES = [
  ['TensorFlow in Node', 'model', inNode('native')],
  ['WebAssembly in Node', 'model', inNode('wasm')],
  ['WebAssembly in Chromium', 'model', (folder) => inBrowser('wasm', folder)],
  ['WebGL in Chromium', 'model', (folder) => inBrowser('webgl', folder)],
  ['ONNX Runtime in Node', 'onnx', inNode('onnx')],
  ['ONNX Runtime in Python', 'onnx', inPython('onnxruntime', 'onnx')],
  ['SavedModel in Python', 'saved-model', inPython('tensorflow', 'saved-model')],
  ['PyTorch', 'pytorch', inPython('torch', 'pytorch')],
];

function run(program, parameters) {
  const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  return JSON.parse(execFileSync(program, parameters, options).trim().split('\n').at(-1));
}

function imports(python, module) {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs sides/runtimePage.mjs in Chromium; null without one. */
async function inBrowser(backend, folder) {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && statSync(path, { throwIfNoEntry: false }) !== undefined,
  );
  if (executablePath === undefined) return null;
  const { outputFiles } = await fromClassifier('esbuild').build({
    entryPoints: [side('runtimePage.mjs')],
    nodePaths: [fileURLToPath(new URL('../packages/classifier/node_modules', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  const wasm = dirname(fromClassifier.resolve('@tensorflow/tfjs-backend-wasm'));
  const server = createServer(({ url }, response) => {
    const [, first, name] = url.split('/');
    try {
      if (url === '/')
        return void response.end('<!doctype html><script type="module" src="/page.js"></script>');
      if (url === '/page.js')
        return void response.setHeader('content-type', 'text/javascript').end(outputFiles[0].text);
      response.end(readFileSync(first === 'wasm' ? join(wasm, name) : join(folder, url)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await fromClassifier('playwright-core').chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction('globalThis.run !== undefined');
    return await page.evaluate((name) => globalThis.run(name), backend);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Exports a model in every form, with two images and what native TensorFlow gives for them. */
async function writeForms(name, root) {
  const folder = join(root, name);
  const size = [Number(values.size), Number(values.size)];
  const model = createModel(name, { classes: 4, inputSize: size });
  fillWeights(model);
  const preprocessing = { ...defaultPreprocessing, size, values: '8-bit' };
  const labels = ['a', 'b', 'c', 'd'];
  await exportModel(model, join(folder, 'model'), { labels, preprocessing });
  model.dispose();
  for (const format of ['onnx', 'saved-model', 'pytorch'])
    await exportTrained(join(folder, 'model'), { format, out: join(folder, format) });
  const network = await loadNetwork(filesIn(join(folder, 'model')));
  const images = [0, 1].map((index) => [
    ...tinyLesionsImage({ size: size[0], seed: 3, index, classes: 2 }).pixels.data,
  ]);
  const logits = [];
  for (const image of images)
    logits.push((await applyNetwork(network, Float32Array.from(image))).logits);
  network.dispose();
  writeFileSync(join(folder, 'example.json'), JSON.stringify({ size, images, logits }));
  return folder;
}

/** Bytes of the files that a runtime needs. */
function sizeOf(folder, form) {
  const needed = /^(model\.(json|onnx|py)|weights\.bin|saved_model\.pb|weights\.safetensors)$/;
  return readdirSync(join(folder, form), { recursive: true, encoding: 'utf8' })
    .filter((file) => needed.test(file.split('/').at(-1)))
    .filter((file) => form !== 'model' || (!file.endsWith('.safetensors') && !file.endsWith('.py')))
    .reduce((sum, file) => sum + statSync(join(folder, form, file)).size, 0);
}

const root = mkdtempSync(join(tmpdir(), 'runtimes-'));
const rows = [];
await useEngine({ backend: 'native' });
try {
  for (const name of MODELS) {
    const folder = await writeForms(name, root);
    for (const [runtime, form, measure] of RUNTIMES) {
      const found = await measure(folder);
      if (found === null) continue;
      const megabytes = (sizeOf(folder, form) / 1e6).toFixed(1);
      rows.push([
        name,
        runtime,
        found.difference === 0 ? '0' : found.difference.toExponential(1),
        found.milliseconds.toFixed(0),
        megabytes,
      ]);
      console.error(rows.at(-1).join('  '));
    }
    rmSync(folder, { recursive: true });
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
const { processor, cores } = describeMachine();
const table = [
  `${values.size} x ${values.size} pixels, one image at a time; ${processor}, ${cores} cores; WebGL computed by the processor (SwiftShader).`,
  '',
  '| model | runtime | difference | ms per image | MB |',
  '|---|---|---|---|---|',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n');
console.log(table);
if (values.write) {
  const page = fileURLToPath(new URL('../docs/export.md', import.meta.url));
  const text = readFileSync(page, 'utf8');
  const marked = /(<!-- runtimes.mjs -->\n)[\s\S]*(\n<!-- end -->)/;
  writeFileSync(
    page,
    text.replace(marked, (_, begin, end) => `${begin}\n${table}\n${end}`),
  );
}
