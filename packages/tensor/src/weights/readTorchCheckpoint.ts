import { InputError } from '@nonlocal-med/core';
import type { StoredTensor } from './storedTensor.js';
import { legacyCheckpoint } from './torch/legacyCheckpoint.js';
import { stateDictionary } from './torch/stateDictionary.js';
import { tensorReader } from './torch/tensorReader.js';
import { zipCheckpoint } from './torch/zipCheckpoint.js';

/** Copies of tensors that are not stored row by row may take this many times the file. */
const COPIES_PER_FILE = 4;

/**
 * Reads the tensors of a `.pth` or `.pt` file that torch.save wrote: the zip form (torch 1.6 and later) and the older
 * one. A state_dict, or one wrapped by a training program ({ state_dict }, { model }, ...; 'module.' in every name).
 *
 * Such files are pickles. Nothing in them is run here: names beyond tensors and dictionaries are refused, lengths are
 * checked before anything is allocated, and no entry is decompressed.
 *
 * @param bytes the whole file; tensors may share its memory
 * @param options name: how messages call the file
 * @returns tensors by name, in the file's order
 * @throws InputError that says what is wrong, naming a refused Python object
 */
export function readTorchCheckpoint(
  bytes: Uint8Array,
  { name = 'torch checkpoint' }: { name?: string } = {},
): Map<string, StoredTensor> {
  const { object, storages } = isZip(bytes)
    ? zipCheckpoint(bytes, name)
    : isPickle(bytes)
      ? legacyCheckpoint(bytes, name)
      : refuse(name);
  const tensorOf = tensorReader(storages, { name, copyLimit: COPIES_PER_FILE * bytes.length });
  return new Map(
    [...stateDictionary(object, name)].map(([key, tensor]) => [key, tensorOf(key, tensor)]),
  );
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80;
}

function refuse(name: string): never {
  throw new InputError({
    path: name,
    message: 'is no torch checkpoint',
    hint: 'a zip archive or pickle that torch.save wrote; .safetensors files are read with readSafetensors',
  });
}
