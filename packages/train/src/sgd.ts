import * as tf from '@tensorflow/tfjs-core';
import { checkState, type Optimizer } from './optimizer.js';
import { liveWeight, type NamedWeight } from './weights.js';

/** Hyperparameters of stochastic gradient descent. */
export interface SgdOptions {
  /** 0 for none. */
  readonly momentum: number;
  /** Needs a momentum above 0. */
  readonly nesterov: boolean;
}

/**
 * Stochastic gradient descent as PyTorch's `torch.optim.SGD` computes it with `dampening=0`:
 *
 * b = momentum b + g
 * w -= learningRate b, or with Nesterov's momentum w -= learningRate (g + momentum b)
 *
 * where b begins at 0. In TF.js operations, on any backend.
 */
export function createSgd(
  weights: readonly NamedWeight[],
  { momentum, nesterov }: SgdOptions,
): Optimizer {
  let step = 0;
  const remembered = momentum === 0 ? [] : weights;
  let buffers: tf.Tensor[] = remembered.map(({ variable }) => tf.keep(tf.zeros(variable.shape)));
  /** The direction of a weight's step. */
  const direct = (gradient: tf.Tensor, index: number): tf.Tensor => {
    if (momentum === 0) return gradient;
    const buffer = tf.keep(tf.add(tf.mul(buffers[index], momentum), gradient));
    buffers[index].dispose();
    buffers[index] = buffer;
    return nesterov ? tf.add(gradient, tf.mul(buffer, momentum)) : buffer;
  };
  return {
    kind: 'portable',
    apply(gradients, learningRate) {
      weights.forEach(({ variable }, index) =>
        tf.tidy(() =>
          variable.assign(tf.sub(variable, tf.mul(direct(gradients[index], index), learningRate))),
        ),
      );
      step += 1;
    },
    state: () => ({
      step,
      first: new Map(remembered.map(({ name }, index) => [name, liveWeight(buffers[index])])),
      second: new Map(),
    }),
    importState(state) {
      checkState(state, { weights, moments: momentum === 0 ? [] : ['first'] });
      step = state.step;
      tf.dispose(buffers);
      buffers = remembered.map(({ name, variable }) =>
        tf.keep(tf.tensor(state.first.get(name)!.data.slice(), variable.shape, 'float32')),
      );
    },
    dispose() {
      tf.dispose(buffers);
      buffers = [];
    },
  };
}
