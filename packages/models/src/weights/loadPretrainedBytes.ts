import { readSafetensors, readTorchCheckpoint, type StoredTensor } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LoadReport } from './loadReport.js';
import { loadStateDict, type LoadStateDictOptions } from './loadStateDict.js';

/**
 * Loads the bytes of a weight file into a model: `.pth` of torch.save (zip and legacy format) or `.safetensors`, with the
 * names of torchvision, timm or Hugging Face's transformers. No code in the file is run. Tensors have PyTorch's layouts,
 * e.g. convolutions [out, in, h, w] and linear layers [out, in]; a classifier of another size is skipped and reported.
 * @throws InputError when the file is damaged or belongs to another model; the model is then unchanged.
 */
export function loadPretrainedBytes(
  model: LayersModel,
  bytes: Uint8Array,
  { source = 'weight file', match }: LoadStateDictOptions = {},
): LoadReport {
  const notes: string[] = [];
  const tensors = loadWeightFile(bytes, source, (note) => notes.push(note));
  const report = loadStateDict(model, tensors, { source, match });
  return notes.length === 0 ? report : { ...report, notes: [...notes, ...(report.notes ?? [])] };
}

/** Byte 8 of a safetensors file, the start of its JSON header. */
const OPENING_BRACE = 0x7b;

/** The tensors of a weight file; the first bytes tell safetensors from torch's formats. */
function loadWeightFile(
  bytes: Uint8Array,
  name: string,
  onNote: (note: string) => void,
): Map<string, StoredTensor> {
  return bytes[8] === OPENING_BRACE
    ? readSafetensors(bytes, { name })
    : readTorchCheckpoint(bytes, { name, onNote });
}
