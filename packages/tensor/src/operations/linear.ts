import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import { matMul } from './matMul.js';

/**
 * x times kernel plus bias: `torch.nn.functional.linear` with the weight transposed. On images it is a 1 x 1 convolution.
 * @param x [..., in]
 * @param kernel [in, out]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear<T extends tf.Tensor>(x: T, kernel: tf.Tensor2D, bias?: tf.Tensor1D): T {
  return tf.tidy(() => {
    const product = matMul(tf.reshape<tf.Rank.R2>(x, [-1, kernel.shape[0]]), kernel); // [n, out]
    const sum = bias === undefined ? product : addBias(product, bias);
    return tf.reshape(sum, [...x.shape.slice(0, -1), kernel.shape[1]]) as unknown as T;
  });
}

function addBias(product: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const attributes = { T: { type: 'float32' } } as const;
  return differentiable({
    inputs: { product, bias },
    forward: () => {
      const kernels = fastKernels();
      return kernels === null
        ? tf.add(product, bias)
        : (kernels.run({ name: 'BiasAdd', attributes }, [product, bias]) as tf.Tensor2D);
    },
    backward: (dy: tf.Tensor2D) => ({
      product: () => dy.clone(),
      bias: () => {
        const kernels = fastKernels();
        const gradient =
          kernels === null ? tf.sum(dy, 0) : kernels.run({ name: 'BiasAddGrad', attributes }, [dy]);
        disposeAfterBackward(dy, []);
        return gradient;
      },
    }),
  });
}
