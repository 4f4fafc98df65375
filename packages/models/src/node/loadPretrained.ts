import { readFile, stat } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadPretrainedBytes } from '../weights/loadPretrainedBytes.js';
import type { LoadReport } from '../weights/loadReport.js';
import type { LoadStateDictOptions } from '../weights/loadStateDict.js';

/** Far above any network here; more is a wrong file. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Loads a weight file into a model: `.pth` of torch.save (zip and older form) or `.safetensors`, with the names of
 * torchvision, timm or Hugging Face's transformers. A classifier of another size is left out and reported.
 * @param file path, or the file's bytes
 * @throws InputError when the file cannot be read, is damaged or belongs to another model; the model is then unchanged
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
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES)
      throw new InputError({
        path: file,
        message: `is ${size} bytes long`,
        hint: `at most ${MAX_BYTES}`,
      });
    return await readFile(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      {
        path: file,
        message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      },
      { cause: error },
    );
  }
}
