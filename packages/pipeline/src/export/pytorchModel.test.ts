import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { checkModelOptions, createModel, modelNames } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportTrained } from './exportTrained.js';
import { pytorchModel } from './pytorchModel.js';
import { verifyExport } from './verifyExport.js';

const folder = await temporaryFolder('pytorch-model');
const { mean, std } = defaultPreprocessing;

beforeAll(() => useEngine());

/** `model.py` of a model with these options. */
async function sourceOf(name: string, options: object = {}): Promise<string> {
  const checked = checkModelOptions(name, { classes: 3, inputSize: 64, ...options });
  return pytorchModel({ ...checked, mean, std, producer: 'nonlocal-med 1.2.3' });
}

/** What `create_model` of a source returns. */
const constructor = (source: string): string => /^ {4}return (\w+\(.*\))$/m.exec(source)![1];

describe('pytorchModel', () => {
  it('contains the parts of the model and no others', async () => {
    const classes = async (name: string): Promise<string[]> =>
      [...(await sourceOf(name)).matchAll(/^class (\w+)/gm)].map(([, found]) => found);
    expect(await classes('resnet18')).toEqual(['BasicBlock', 'Backbone', 'Network', 'Plain']);
    expect(await classes('shufflenetv2-nla')).toEqual([
      'ShuffleUnit',
      'Backbone',
      'Network',
      'EncoderFusion',
      'Attention',
      'DualBranch',
    ]);
    expect(await classes('resnet18-se')).toEqual([
      'SqueezeExcitation',
      'BasicBlock',
      'Backbone',
      'Network',
      'Plain',
    ]);
  });

  it('makes the model with its options', async () => {
    expect(constructor(await sourceOf('resnet18', { head: 'flatten' }))).toBe(
      "Plain(classes=3, head='flatten', input_size=[64, 64])",
    );
    expect(constructor(await sourceOf('resnet18-nam', { namAt: 'e2', mode: 'dot' }))).toBe(
      "Series(classes=3, head='gap', nam_at='e2', encoder_stages='layers', series_mode='add', attention={'mode': 'dot', 'scale': 1, 'residual': 'none', 'sub_sample': 'none'})",
    );
    expect(constructor(await sourceOf('resnet18-cbam'))).toBe(
      "Plain(classes=3, head='gap', gate=lambda channels: BlockAttention(channels, reduction=16))",
    );
    expect(constructor(await sourceOf('shufflenetv2', { width: 0.5 }))).toBe(
      "Plain(classes=3, head='gap', width=0.5)",
    );
    expect(constructor(await sourceOf('resnet18-nonlocal', { placement: ['layer2.0'] }))).toBe(
      "NonLocalBlocks(classes=3, head='gap', placement=['layer2.0'], batch_norm=True, attention={'mode': 'softmax', 'scale': 1, 'sub_sample': 'none'})",
    );
    expect(constructor(await sourceOf('resnet18-ccnet'))).toBe(
      "CrissCrossNetwork(classes=3, head='gap', ccnet='head', recurrence=2, dropout=0.1)",
    );
  });

  // benchmarks/pytorch.mjs runs them with PyTorch.
  it.runIf(spawnSync('python3', ['--version']).status === 0)(
    'is Python for every model',
    async () => {
      for (const name of modelNames()) {
        const file = join(folder, 'model.py');
        await writeFile(file, await sourceOf(name));
        const compile = `import ast, sys; ast.parse(open(sys.argv[1]).read())`;
        expect(execFileSync('python3', ['-c', compile, file], { encoding: 'utf8' })).toBe('');
      }
    },
    120_000,
  );
});

describe('a model exported to PyTorch', () => {
  it('comes with its weights, the program that predicts, and numbers to compare with', async () => {
    const model = createModel('shufflenetv2-nla', { classes: 2, width: 0.5, seed: 1 });
    const source = join(folder, 'model');
    const preprocessing = { ...defaultPreprocessing, size: [64, 64], values: '8-bit' } as const;
    await exportModel(model, source, { labels: ['no', 'yes'], preprocessing });
    model.dispose();
    const out = join(folder, 'exported');
    const { file, bytes } = await exportTrained(source, { format: 'pytorch', out });
    expect(file).toBe(join(out, 'model.py'));
    expect(bytes).toBe((await readFile(file)).length);
    for (const name of ['predict.py', 'preprocess.py', 'golden.json', 'golden-input.npy'])
      expect((await readFile(join(out, name))).length).toBeGreaterThan(100);
    expect(await readFile(join(out, 'weights.safetensors'))).toEqual(
      await readFile(join(source, 'weights.safetensors')),
    );
    await expect(verifyExport(out)).rejects.toThrow(
      `is a PyTorch module, which only Python can run (python ${join(out, 'predict.py')} --self-test)`,
    );
  });

  it('refuses options that are not those of a model, since they become source code', async () => {
    const source = join(folder, 'model');
    const path = join(source, 'model.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"namAt":"e1"', `"namAt":"e1');import os;('"`));
    await expect(
      exportTrained(source, { format: 'pytorch', out: join(folder, 'refused') }),
    ).rejects.toThrow(/namAt/);
  });
});
