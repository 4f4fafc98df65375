import { readSafetensors, readTorchCheckpoint, type StoredTensor } from '@nonlocal-med/tensor';

/** Byte 8 of a safetensors file, the start of its JSON header. */
const OPENING_BRACE = 0x7b;

/** The tensors of a weight file, safetensors or torch's zip and pickle formats by its first bytes. Runs no code of the file. */
export function readWeights(bytes: Uint8Array, name: string): Map<string, StoredTensor> {
  return bytes[8] === OPENING_BRACE
    ? readSafetensors(bytes, { name })
    : readTorchCheckpoint(bytes, { name });
}
