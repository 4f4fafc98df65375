import { InputError } from '@nonlocal-med/core';
import type { StoredTensor } from './storedTensor.js';
import { legacyCheckpoint } from './torch/legacyCheckpoint.js';
import { PickledTensor } from './torch/pickledValues.js';
import { tensorReader } from './torch/tensorReader.js';
import { zipCheckpoint } from './torch/zipCheckpoint.js';

/** Copies of tensors that are not row-major in the file may take this many times the size of the file. */
const COPIES_PER_FILE = 4;

/**
 * Reads the tensors of a `.pth` or `.pt` file that torch.save wrote, in the zip format (torch 1.6 and later) or the legacy
 * one. The file contains a state_dict, which training programs may have wrapped ({ state_dict }, { model }, ...; 'module.'
 * in every name).
 *
 * Such files are pickles. Nothing in them is run: names other than those of tensors and dictionaries are refused, lengths
 * are checked before anything is allocated, and no entry is decompressed.
 * @param bytes the whole file; tensors may share its memory
 * @param options `name`: how error messages refer to the file
 * @returns tensors by name in the file's order, each with its shape and row-major elements
 * @throws InputError describing what is wrong, with the name of a refused Python object
 * @example
 * ```ts no-run
 * import { readFileSync } from 'node:fs';
 * import { readTorchCheckpoint } from '@nonlocal-med/tensor';
 *
 * const tensors = readTorchCheckpoint(readFileSync('resnet18.pth'));
 * const { dtype, shape } = tensors.get('conv1.weight');
 * console.log(dtype, shape); // F32 [ 64, 3, 7, 7 ]
 * ```
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
    message: 'is not a torch checkpoint',
    hint: 'a zip archive or pickle written by torch.save; read .safetensors files with readSafetensors',
  });
}

/** Keys under which training programs store the weights in a checkpoint, in order of precedence. */
const WRAPPERS = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'params',
  'weights',
  'module',
];
const MAX_WRAPPERS = 4;
/** Prepended to every name by DataParallel and torch.compile. */
const PREFIXES = ['module.', '_orig_mod.'];

/** The tensors of a checkpoint by name, without the dictionaries and name prefixes that wrap them. */
function stateDictionary(checkpoint: unknown, name: string): Map<string, PickledTensor> {
  let level = checkpoint;
  for (let depth = 0; depth <= MAX_WRAPPERS; depth++) {
    if (!(level instanceof Map)) break;
    const tensors = [...level].filter(
      (entry): entry is [string, PickledTensor] =>
        typeof entry[0] === 'string' && entry[1] instanceof PickledTensor,
    );
    if (tensors.length > 0) return new Map(withoutPrefixes(tensors));
    const dictionary: ReadonlyMap<unknown, unknown> = level;
    level = WRAPPERS.map((key) => dictionary.get(key)).find((value) => value instanceof Map);
  }
  throw new InputError({
    path: name,
    message: 'does not contain a dictionary of tensors',
    hint: `a state_dict, or one under the key ${WRAPPERS.join(', ')}`,
  });
}

function withoutPrefixes(
  tensors: readonly [string, PickledTensor][],
): readonly [string, PickledTensor][] {
  const prefix = PREFIXES.find((candidate) =>
    tensors.every(([key]) => key.startsWith(candidate) && key.length > candidate.length),
  );
  return prefix === undefined
    ? tensors
    : withoutPrefixes(tensors.map(([key, tensor]) => [key.slice(prefix.length), tensor]));
}
