import { type AdamKernel, type AdamMoments, createAdamKernel } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { checkState, type Optimizer } from './optimizer.js';
import { type LiveWeight, liveWeight, type LiveWeights, type NamedWeight } from './weights.js';

/** Hyperparameters of Adam. */
export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * Adam (Kingma and Ba 2015) as PyTorch's `torch.optim.Adam` computes it at step t:
 *
 * m += (g - m) (1 - beta1)
 * v = v beta2 + g g (1 - beta2)
 * w -= (learningRate / (1 - beta1^t)) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *
 * with TensorFlow's in-place kernel where the backend has it, and TF.js operations elsewhere.
 * @param options default: PyTorch's
 */
export function createAdam(
  weights: readonly NamedWeight[],
  options: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
): Optimizer {
  const kernel = createAdamKernel(weights.map(({ variable }) => variable));
  return kernel === null
    ? portableAdam(weights, options)
    : createOptimizer(weights, fusedUpdate(weights, kernel, options));
}

/** Adam in TF.js operations, on any backend. */
export function portableAdam(weights: readonly NamedWeight[], options: AdamOptions): Optimizer {
  return createOptimizer(weights, portableUpdate(weights, options));
}

/** Holds the moments of all weights and updates both. */
interface AdamUpdate {
  readonly kind: Optimizer['kind'];
  /** @param step counted from 1 */
  update(gradients: readonly tf.Tensor[], step: number, learningRate: number): void;
  live(index: number): Readonly<Record<keyof AdamMoments, LiveWeight>>;
  restore(moments: readonly AdamMoments[]): void;
  dispose(): void;
}

function createOptimizer(weights: readonly NamedWeight[], adam: AdamUpdate): Optimizer {
  let step = 0;
  const moments = (which: keyof AdamMoments): LiveWeights =>
    new Map(weights.map(({ name }, index) => [name, adam.live(index)[which]]));
  return {
    kind: adam.kind,
    apply(gradients, learningRate) {
      adam.update(gradients, step + 1, learningRate);
      step += 1;
    },
    state: () => ({ step, first: moments('first'), second: moments('second') }),
    importState(state) {
      checkState(state, { weights, moments: ['first', 'second'] });
      step = state.step;
      adam.restore(
        weights.map(({ name }) => ({
          first: state.first.get(name)!.data,
          second: state.second.get(name)!.data,
        })),
      );
    },
    dispose: () => adam.dispose(),
  };
}

function fusedUpdate(
  weights: readonly NamedWeight[],
  kernel: AdamKernel,
  { beta1, beta2, epsilon }: AdamOptions,
): AdamUpdate {
  return {
    kind: 'fused',
    update(gradients, step, learningRate) {
      // In float64, because the kernel would compute 1 - beta^t in float32. It weighs the new gradient by
      // 1 - float32(beta), which the two weights correct.
      const correction = Math.sqrt(1 - beta2 ** step);
      const firstWeight = (1 - Math.fround(beta1)) / (1 - beta1);
      const secondWeight = Math.sqrt((1 - Math.fround(beta2)) / (1 - beta2));
      kernel.update(gradients, {
        learningRate:
          ((learningRate * correction) / (1 - beta1 ** step)) * (secondWeight / firstWeight),
        beta1,
        beta2,
        epsilon: epsilon * correction * secondWeight,
      });
    },
    live(index) {
      const shape = [...weights[index].variable.shape];
      const data = (which: keyof AdamMoments) => () =>
        Promise.resolve(kernel.moments(index)[which]);
      return { first: { shape, data: data('first') }, second: { shape, data: data('second') } };
    },
    restore: (moments) => kernel.restore(moments),
    dispose: () => kernel.dispose(),
  };
}

/**
 * The scalars are computed in float64 and rounded once to float32; each elementwise operation rounds once, in the order of
 * PyTorch's single-tensor implementation (`lerp_`, `mul_` and `addcmul_`, `addcdiv_`).
 */
function portableUpdate(
  weights: readonly NamedWeight[],
  { beta1, beta2, epsilon }: AdamOptions,
): AdamUpdate {
  const create = (value: (index: number) => tf.Tensor): tf.Tensor[] =>
    weights.map((_, index) => tf.keep(value(index)));
  const shapeOf = (index: number): number[] => weights[index].variable.shape;
  let first = create((index) => tf.zeros(shapeOf(index)));
  let second = create((index) => tf.zeros(shapeOf(index)));
  const replace = (moments: tf.Tensor[], index: number, value: tf.Tensor): void => {
    moments[index].dispose();
    moments[index] = tf.keep(value);
  };
  return {
    kind: 'portable',
    update(gradients, step, learningRate) {
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
    live: (index) => ({ first: liveWeight(first[index]), second: liveWeight(second[index]) }),
    restore(moments) {
      tf.dispose([...first, ...second]);
      const upload = (which: keyof AdamMoments): tf.Tensor[] =>
        create((index) => tf.tensor(moments[index][which].slice(), shapeOf(index), 'float32'));
      first = upload('first');
      second = upload('second');
    },
    dispose() {
      tf.dispose([...first, ...second]);
      first = [];
      second = [];
    },
  };
}
