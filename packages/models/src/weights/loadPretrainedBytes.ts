import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LoadReport } from './loadReport.js';
import { loadStateDict, type LoadStateDictOptions } from './loadStateDict.js';
import { readWeights } from './readWeights.js';

/**
 * Loads a weight file that is in memory: `.pth` of torch.save (zip and older form) or `.safetensors`, with the names of
 * torchvision, timm or Hugging Face's transformers. A classifier of another size is left out and reported.
 * @throws InputError when the file is damaged or belongs to another model
 */
export function loadPretrainedBytes(
  model: LayersModel,
  bytes: Uint8Array,
  { source = 'weight file', match }: LoadStateDictOptions = {},
): LoadReport {
  return loadStateDict(model, readWeights(bytes, source), { source, match });
}
