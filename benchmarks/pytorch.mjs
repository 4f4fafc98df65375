/*
 * Runs models that were exported to PyTorch:
 *   node benchmarks/pytorch.mjs --python PYTHON [--only PATTERN]
 * PYTHON needs torch, numpy and opencv-python.
 *
 * Every model of the registry, and models with other options, get weights none of which is 0 and are exported. Then
 * `predict.py --self-test` loads model.py with `load_state_dict(strict=True)` and compares logits and probabilities with
 * those of the model, for prepared images and for image files. Exits with 1 if a difference is above 1e-4.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, modelNames } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { exportTrained } from '@nonlocal-med/pipeline';
import { fillWeights } from './src/fillWeights.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    only: { type: 'string', default: '' },
  },
});
const SIZE = [97, 130];
const cases = [
  ...modelNames().map((name) => [name, {}]),
  ['resnet18', { head: 'flatten' }],
  ['resnet18-se', { reduction: 8, useBias: false }],
  ['resnet18-nonlocal', { pairwise: 'gaussian', placement: ['layer3.0'] }],
  [
    'resnet18-nonlocal',
    { pairwise: 'concat', batchNorm: false, placement: ['layer2.0', 'layer2.1', 'layer4.1'] },
  ],
  ['resnet18-ccnet', { ccnet: 'inline', recurrence: 1 }],
  ['resnet18-nam', { namAt: 'conv1', subSample: 'input', seriesMode: 'replace' }],
  ['resnet18-nla', { namAt: 'e2', residual: 'gamma', scale: 'inverse-sqrt', pools: 'plain' }],
  ['resnet18-nla', { encoderStages: 'stem', mode: 'dot', fusion: ['max'] }],
  ['resnet18-fusion', { fuseAt: 'stem', encoderStages: 'stem', fusion: ['max'], head: 'flatten' }],
  ['resnet18-nam-db', { head: 'flatten', mode: 'concat', subSample: 'projection', namAt: 'e3' }],
  ['shufflenetv2', { width: 0.5 }],
  ['shufflenetv2', { width: 2 }],
  ['shufflenetv2-nla', { encoderStages: 'conv5', mode: 'gaussian', width: 1.5 }],
];

const root = mkdtempSync(join(tmpdir(), 'pytorch-'));
let failed = 0;
await useEngine();
try {
  for (const [name, options] of cases) {
    const title = [name, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)].join(
      ' ',
    );
    if (!title.includes(values.only)) continue;
    const folder = join(root, 'model');
    const out = join(root, 'exported');
    const model = createModel(name, { classes: 3, inputSize: SIZE, ...options });
    fillWeights(model);
    const preprocessing = { ...defaultPreprocessing, size: SIZE, values: '8-bit' };
    await exportModel(model, folder, { labels: ['a', 'b', 'c'], preprocessing });
    model.dispose();
    await exportTrained(folder, { format: 'pytorch', out });
    let text;
    try {
      text = execFileSync(values.python, [join(out, 'predict.py'), '--self-test'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    } catch (error) {
      failed++;
      text = error.stdout;
    }
    const differences = [...text.matchAll(/^(\w+): largest difference (\S+),/gm)];
    console.log(
      `${text.includes('passed') ? 'ok    ' : 'FAILED'} ${title}: ${differences.map(([, output, value]) => `${output} ${value}`).join(', ')}`,
    );
    for (const done of [folder, out]) rmSync(done, { recursive: true });
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
