import * as tf from '@tensorflow/tfjs-core';
import { createAdam } from './adam.js';
import { groupByRate } from './groupByRate.js';
import type { Optimizer } from './optimizer.js';
import { createSgd } from './sgd.js';
import { appliedWeightDecay, type TrainOptions } from './trainOptions.js';
import type { NamedWeight } from './weights.js';

/** The training options that decide how weights follow their gradients. */
export type OptimizerOptions = Pick<
  TrainOptions,
  'optimizer' | 'adam' | 'sgd' | 'weightDecay' | 'weightDecayOf' | 'clipNorm'
>;

/**
 * The optimizer that training options name, with PyTorch's formulas and order: gradients are clipped first
 * (`torch.nn.utils.clip_grad_norm_`), then weights decay, then the step is taken. Weight decay is added to the gradients of
 * `torch.optim.Adam` and `SGD`, and shrinks the weights of `AdamW` directly (Loshchilov and Hutter 2019).
 */
export function createOptimizer(
  weights: readonly NamedWeight[],
  options: OptimizerOptions,
): Optimizer {
  const { optimizer, adam, sgd, clipNorm } = options;
  const inner = groupByRate(weights, (group) =>
    optimizer === 'sgd' ? createSgd(group, sgd) : createAdam(group, adam),
  );
  const decay = appliedWeightDecay(options);
  // As timm's `param_groups_weight_decay`: biases, and scales and offsets of normalization, are vectors.
  const decays = weights.map(
    ({ variable }) => decay > 0 && (options.weightDecayOf === 'all' || variable.rank > 1),
  );
  const decayed = (gradients: readonly tf.Tensor[], learningRate: number): readonly tf.Tensor[] => {
    if (optimizer !== 'adamw')
      return gradients.map((gradient, index) =>
        decays[index] ? tf.add(gradient, tf.mul(weights[index].variable, decay)) : gradient,
      );
    weights.forEach(({ variable, rate = 1 }, index) => {
      if (decays[index]) variable.assign(tf.mul(variable, 1 - learningRate * rate * decay));
    });
    return gradients;
  };
  return {
    ...inner,
    apply: (gradients, learningRate) =>
      tf.tidy(() => {
        const clipped = clipNorm === undefined ? gradients : clipGradients(gradients, clipNorm);
        inner.apply(decayed(clipped, learningRate), learningRate);
      }),
  };
}

/**
 * Gradients scaled so that their norm, over all of them together, is at most `maximumNorm`, as
 * `torch.nn.utils.clip_grad_norm_` does: by maximumNorm / (norm + 1e-6) where that is below 1.
 * @returns new tensors in the same order and shapes
 */
export function clipGradients(
  gradients: readonly tf.Tensor[],
  maximumNorm: number,
): readonly tf.Tensor[] {
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.minimum(tf.div(maximumNorm, tf.add(norm, 1e-6)), 1);
    return gradients.map((gradient) => tf.mul(gradient, factor));
  });
}
