import { InputError } from '@nonlocal-med/core';
import { PickledTensor } from './pickledValues.js';

/** Where training programs put the weights inside a checkpoint, in the order they are looked for. */
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
/** Added to every name by DataParallel and torch.compile. */
const PREFIXES = ['module.', '_orig_mod.'];

/** The tensors by name of a checkpoint, out of whatever dictionaries and name prefixes wrap them. */
export function stateDictionary(checkpoint: unknown, name: string): Map<string, PickledTensor> {
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
    message: 'holds no dictionary of tensors',
    hint: `a state_dict, or one under ${WRAPPERS.join(', ')}`,
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
