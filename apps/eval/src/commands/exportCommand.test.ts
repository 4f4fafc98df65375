import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, expect, it } from 'vitest';
import { oneLine, printEval, runEval } from '../testing/runEval.js';

const folder = await temporaryFolder('export-command');

eachBackend((backend) => {
  if (backend === 'wasm') {
    it('names the formats', async () => {
      const { code, stderr } = await runEval(
        folder,
        'export',
        'run',
        '--format',
        'tflite',
        '--out',
        'x',
      );
      expect(code).toBe(2);
      expect(oneLine(stderr)).toContain('Allowed choices are onnx, saved-model');
    });
    return;
  }

  beforeAll(async () => {
    await imageFolder(join(folder, 'images'), { images: 24 });
    const config = parseRunConfig({
      data: { path: join(folder, 'images'), cacheFolder: null },
      split: { test: 0.3, validation: 0 },
      preprocessing: { size: 48 },
      model: { name: 'shufflenetv2-nla', width: 0.5 },
      training: { epochs: 1, batchSize: 8 },
      loader: { workers: 0 },
      explanations: { images: 0 },
    });
    await startRun(config, { folder: join(folder, 'run') });
  });

  it.each([
    ['onnx', 'model.onnx', /run by onnxruntime-node 1\.\d+\.\d+, on two images/],
    ['saved-model', '1/saved_model.pb', /run by TensorFlow, on two images/],
  ])('exports a run as %s, and verifies it', async (format, file, runtime) => {
    const printed = await printEval(folder, 'export', 'run', '--format', format, '--out', format);
    expect(printed).toMatch(
      new RegExp(`^${format}/${file}: \\d+ KiB; normalization and calibration`),
    );
    const verified = await printEval(folder, 'verify', format);
    expect(verified).toMatch(runtime);
    expect(verified).toContain('It computes what the trained model computes, to within 0.0001.');
    const json = await printEval(folder, 'verify', `${format}/${file}`, '--json');
    expect(JSON.parse(json)).toMatchObject({ passed: true, format });
  });

  it('prints commands for folders with spaces and for the current folder', async () => {
    const out = 'with spaces';
    const printed = await printEval(
      folder,
      'export',
      'run',
      '--format',
      'saved-model',
      '--out',
      out,
    );
    expect(printed).toContain('in assets.extra/preprocess.py beside it');
    expect(printed).toMatch(/ verify 'with spaces'\n$/);
    const here = join(folder, 'here');
    mkdirSync(here);
    const printedHere = await printEval(here, 'export', '../run', '--format', 'onnx', '--out', '.');
    expect(printedHere).toMatch(/^model\.onnx: .* in preprocess\.py beside it\n[^]* verify \.\n$/);
  });

  it('ends with code 1 if the model computes something else', async () => {
    await printEval(folder, 'export', 'run', '--format', 'onnx', '--out', 'changed');
    const golden = join(folder, 'changed/golden.json');
    const text = readFileSync(golden, 'utf8');
    writeFileSync(golden, text.replace(/("probabilities": \[\s*\[\s*)[\d.]+/, '$10.123'));
    const { code, stdout } = await runEval(folder, 'verify', 'changed');
    expect(code).toBe(1);
    expect(stdout).toContain('It does NOT compute what the trained model computes: at most 0.0001');
  });
});
