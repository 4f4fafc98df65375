import * as tf from '@tensorflow/tfjs-core';
import { liveWeight } from '../weights/liveWeight.js';
import type { NamedWeight } from '../weights/namedWeights.js';
import type { LiveWeights } from '../weights/weightValues.js';
import { checkAdamState } from './checkAdamState.js';
import type { AdamOptions, Optimizer } from './optimizer.js';

/**
 * Adam (Kingma and Ba 2015) as PyTorch's `torch.optim.Adam` computes it, in float32 TF.js operations:
 *
 * m += (g - m) (1 - beta1)
 * v = v beta2 + g g (1 - beta2)
 * w -= (learningRate / (1 - beta1^t)) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *
 * The scalars are computed in float64 and rounded once to float32; each elementwise operation rounds once, in the
 * order of PyTorch's single-tensor implementation (`lerp_`, `mul_` and `addcmul_`, `addcdiv_`).
 */
export function portableAdam(
  weights: readonly NamedWeight[],
  { beta1, beta2, epsilon }: AdamOptions,
): Optimizer {
  const zeros = (): tf.Tensor[] => weights.map(({ variable }) => tf.keep(tf.zeros(variable.shape)));
  let first = zeros();
  let second = zeros();
  let step = 0;

  const replace = (moments: tf.Tensor[], index: number, value: tf.Tensor): void => {
    moments[index].dispose();
    moments[index] = tf.keep(value);
  };

  const named = (moments: tf.Tensor[]): LiveWeights =>
    new Map(weights.map(({ name }, index) => [name, liveWeight(moments[index])]));

  return {
    kind: 'portable',
    apply(gradients, learningRate) {
      step += 1;
      const stepSize = learningRate / (1 - beta1 ** step);
      const secondCorrection = Math.sqrt(1 - beta2 ** step);
      weights.forEach(({ variable }, index) =>
        tf.tidy(() => {
          const gradient = gradients[index];
          const m = tf.add(first[index], tf.mul(tf.sub(gradient, first[index]), 1 - beta1));
          const v = tf.add(tf.mul(second[index], beta2), tf.mul(tf.square(gradient), 1 - beta2));
          const denominator = tf.add(tf.div(tf.sqrt(v), secondCorrection), epsilon);
          variable.assign(tf.sub(variable, tf.mul(tf.div(m, denominator), stepSize)));
          replace(first, index, m);
          replace(second, index, v);
        }),
      );
    },
    state: () => ({ step, first: named(first), second: named(second) }),
    importState(state) {
      checkAdamState(state, weights);
      step = state.step;
      tf.dispose([...first, ...second]);
      const upload = (values: (typeof state)['first']): tf.Tensor[] =>
        weights.map(({ name, variable }) =>
          tf.keep(tf.tensor(values.get(name)!.data.slice(), variable.shape, 'float32')),
        );
      first = upload(state.first);
      second = upload(state.second);
    },
    dispose() {
      tf.dispose([...first, ...second]);
      first = [];
      second = [];
    },
  };
}
