import { InputError } from '@nonlocal-med/core';
import { refuseOtherFiles } from './refuseOtherFiles.js';
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
 * @param options `name`: how error messages refer to the file; `onNote`: is told when the weights are not the trained ones
 *   but their moving average, because the file has no others
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
  { name = 'torch checkpoint', onNote }: { name?: string; onNote?: (note: string) => void } = {},
): Map<string, StoredTensor> {
  refuseOtherFiles(bytes, name);
  const { object, storages } = isZip(bytes)
    ? zipCheckpoint(bytes, name)
    : isPickle(bytes)
      ? legacyCheckpoint(bytes, name)
      : refuse(name);
  const tensorOf = tensorReader(storages, { name, copyLimit: COPIES_PER_FILE * bytes.length });
  return new Map(
    [...stateDictionary(object, { name, onNote })].map(([key, tensor]) => [
      key,
      tensorOf(key, tensor),
    ]),
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

/** Keys of dictionaries that hold an exponential moving average of the weights. */
const AVERAGES = new Set([
  'state_dict_ema',
  'ema_state_dict',
  'model_ema',
  'ema_model',
  'ema',
  'shadow',
]);
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
  ...AVERAGES,
];
const MAX_WRAPPERS = 4;
/** Prepended to every name by DataParallel and torch.compile. */
const PREFIXES = ['module.', '_orig_mod.'];

/** The tensors of a checkpoint by name, without the dictionaries and name prefixes that wrap them. */
function stateDictionary(
  checkpoint: unknown,
  { name, onNote }: { name: string; onNote?: (note: string) => void },
): Map<string, PickledTensor> {
  let level = checkpoint;
  for (let depth = 0; depth <= MAX_WRAPPERS; depth++) {
    if (!(level instanceof Map)) break;
    const dictionary: ReadonlyMap<unknown, unknown> = level;
    // A score or a step that was saved as a tensor beside the weights is not one of them.
    const wrapper = WRAPPERS.find((key) => {
      const value = dictionary.get(key);
      return value instanceof Map && holdsTensors(value);
    });
    const tensors = tensorsOf(dictionary);
    if (wrapper === undefined && tensors.length > 0) return new Map(withoutPrefixes(tensors));
    if (wrapper === undefined) break;
    if (AVERAGES.has(wrapper))
      onNote?.(`the file has only a moving average of the weights ("${wrapper}"), which is used`);
    level = dictionary.get(wrapper);
  }
  throw new InputError({
    path: name,
    message: 'does not contain a dictionary of tensors',
    hint: `a state_dict, or one under the key ${WRAPPERS.join(', ')}`,
  });
}

/** Whether a dictionary contains tensors, itself or in a dictionary that wraps them. */
function holdsTensors(level: ReadonlyMap<unknown, unknown>, depth = 0): boolean {
  if (tensorsOf(level).length > 0) return true;
  return (
    depth < MAX_WRAPPERS &&
    WRAPPERS.some((key) => {
      const value = level.get(key);
      return value instanceof Map && holdsTensors(value, depth + 1);
    })
  );
}

const tensorsOf = (level: ReadonlyMap<unknown, unknown>): [string, PickledTensor][] =>
  [...level].filter(
    (entry): entry is [string, PickledTensor] =>
      typeof entry[0] === 'string' && entry[1] instanceof PickledTensor,
  );

function withoutPrefixes(
  tensors: readonly [string, PickledTensor][],
): readonly [string, PickledTensor][] {
  let rest = tensors;
  for (;;) {
    const prefix = PREFIXES.find((candidate) =>
      rest.every(([key]) => key.startsWith(candidate) && key.length > candidate.length),
    );
    if (prefix === undefined) return rest;
    rest = rest.map(([key, tensor]) => [key.slice(prefix.length), tensor]);
  }
}
