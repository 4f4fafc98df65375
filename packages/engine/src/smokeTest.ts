import { loadNative } from './load/loadNative.js';
import { tfjs } from './load/tfjs.js';

/** What a smoke test prints, as one line of JSON. */
export interface SmokeTestResult {
  readonly tensorflow: string;
  readonly usesGpu: boolean;
}

/**
 * Loads an installation in this process and compares a matrix product, a sort and a convolution's gradient with
 * numbers worked out by hand.
 */
export async function smokeTest(folder: string): Promise<SmokeTestResult> {
  const { tensorflow, usesGpu } = loadNative(folder);
  const tf = tfjs();
  const product = tf.matMul(
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tf.tensor2d([
      [5, 6],
      [7, 8],
    ]),
  );
  expectValues('matMul', await product.data(), [19, 22, 43, 50]);
  expectValues('topk', await tf.topk(tf.tensor1d([3, 1, 2]), 2).values.data(), [3, 2]);
  const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const gradient = tf.grad((kernel) =>
    tf.sum(tf.conv2d(image, kernel as ReturnType<typeof tf.tensor4d>, 1, 'valid')),
  )(tf.ones([2, 2, 1, 1]));
  expectValues('gradient of conv2d', await gradient.data(), [12, 16, 24, 28]);
  return { tensorflow, usesGpu };
}

function expectValues(what: string, found: ArrayLike<number>, expected: readonly number[]): void {
  if (
    found.length === expected.length &&
    expected.every((value, i) => Math.abs(found[i] - value) <= 1e-4 * Math.abs(value))
  )
    return;
  throw new Error(`${what} gave ${Array.from(found).join(', ')} instead of ${expected.join(', ')}`);
}
