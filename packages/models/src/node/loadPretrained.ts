import { stat } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { readInputFile } from '@nonlocal-med/core/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadPretrainedBytes } from '../weights/loadPretrainedBytes.js';
import type { LoadReport } from '../weights/loadReport.js';
import type { LoadStateDictOptions } from '../weights/loadStateDict.js';

/** Far larger than any of the networks; a larger file is the wrong one. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Loads a weight file into a model: `.pth` of torch.save (zip and legacy format) or `.safetensors`, with the names of
 * torchvision, timm or Hugging Face's transformers. No code in the file is run. Tensors have PyTorch's layouts, e.g.
 * convolutions [out, in, h, w] and linear layers [out, in]; a classifier of another size is skipped and reported.
 * @param file path, or the file's bytes
 * @throws InputError when the file cannot be read, is damaged or belongs to another model; the model is then unchanged.
 *
 * @example
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { useEngine } from '@nonlocal-med/engine';
 * import { createModel, stateDict } from '@nonlocal-med/models';
 * import { loadPretrained } from '@nonlocal-med/models/node';
 * import { writeSafetensors } from '@nonlocal-med/tensor';
 *
 * await useEngine({ backend: 'wasm' });
 * // A state dict of the plain network with 10 classes, as PyTorch would save it.
 * const pretrained = createModel('shufflenetv2', { classes: 10, width: 0.5 });
 * const file = join(mkdtempSync(join(tmpdir(), 'weights-')), 'shufflenetv2.safetensors');
 * writeFileSync(file, writeSafetensors(stateDict(pretrained)));
 *
 * const model = createModel('shufflenetv2-nla', { classes: 4, width: 0.5 });
 * const report = await loadPretrained(model, file);
 * console.log(report.missing.length); // 6
 * console.log(report.dropped.map(({ key }) => key).join(', ')); // fc.bias, fc.weight
 * ```
 */
export async function loadPretrained(
  model: LayersModel,
  file: string | Uint8Array,
  { source = typeof file === 'string' ? file : 'weight file', match }: LoadStateDictOptions = {},
): Promise<LoadReport> {
  return loadPretrainedBytes(model, typeof file === 'string' ? await readWeightFile(file) : file, {
    source,
    match,
  });
}

async function readWeightFile(file: string): Promise<Uint8Array> {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > MAX_BYTES)
    throw new InputError({
      path: file,
      message: `is ${size} bytes long`,
      hint: `at most ${MAX_BYTES}`,
    });
  return readInputFile(file);
}
