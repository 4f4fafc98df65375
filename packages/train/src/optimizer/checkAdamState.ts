import { InputError } from '@nonlocal-med/core';
import type { NamedWeight } from '../weights/namedWeights.js';
import type { AdamState } from './optimizer.js';

/** @throws InputError when a state does not have exactly one pair of moments of the right shape for each weight. */
export function checkAdamState(state: AdamState, weights: readonly NamedWeight[]): void {
  for (const moments of [state.first, state.second]) {
    for (const { name, variable } of weights) {
      const shape = moments.get(name)?.shape;
      if (shape?.join() !== variable.shape.join()) {
        throw new InputError({
          path: name,
          message:
            shape === undefined
              ? "the optimiser's state has no such weight"
              : `shape [${shape.join(', ')}] in the optimiser's state`,
          hint: `the model has [${variable.shape.join(', ')}]`,
        });
      }
    }
    if (moments.size !== weights.length)
      throw new InputError({
        path: 'optimiser',
        message: `its state has ${moments.size} weights`,
        hint: `the model trains ${weights.length}`,
      });
  }
}
