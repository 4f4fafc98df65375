import type { FusedAdam } from '@nonlocal-med/tensor';
import type { NamedWeight } from '../weights/namedWeights.js';
import type { LiveWeights } from '../weights/weightValues.js';
import { checkAdamState } from './checkAdamState.js';
import type { Optimizer } from './optimizer.js';

/** TensorFlow's in-place kernel as an optimiser of named weights; its state is that of the portable one. */
export function fusedAdam(weights: readonly NamedWeight[], fused: FusedAdam): Optimizer {
  return {
    kind: 'fused',
    apply: (gradients, learningRate) =>
      fused.apply(
        Object.fromEntries(weights.map(({ variable }, index) => [variable.name, gradients[index]])),
        learningRate,
      ),
    state() {
      const moments = (moment: 'first' | 'second'): LiveWeights =>
        new Map(
          weights.map(({ name, variable }) => [
            name,
            {
              shape: [...variable.shape],
              data: () => Promise.resolve(fused.moments(variable.name)[moment]),
            },
          ]),
        );
      return { step: fused.step(), first: moments('first'), second: moments('second') };
    },
    importState(state) {
      checkAdamState(state, weights);
      const { step, first, second } = state;
      fused.restore({
        step,
        moments: Object.fromEntries(
          weights.map(({ name, variable }) => [
            variable.name,
            { first: first.get(name)!.data, second: second.get(name)!.data },
          ]),
        ),
      });
    },
    dispose: () => fused.dispose(),
  };
}
