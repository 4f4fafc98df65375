import { InputError } from '@nonlocal-med/core';
import { isPlainObject, type RawOptions } from '@nonlocal-med/pipeline';

/**
 * Refuses weights among the options that all rows share, where the experiment's own would replace them without a word.
 * @throws InputError where there are some.
 */
export function refuseBaseWeights({ model }: RawOptions): void {
  if (!isPlainObject(model) || model.weights === undefined || model.weights === null) return;
  throw new InputError({
    path: 'model.weights',
    message: `got ${JSON.stringify(model.weights)}`,
    hint: "nothing here: the experiment's option weights decides it for all rows, and a row's own options for the row",
  });
}
