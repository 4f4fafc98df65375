import * as tf from '@tensorflow/tfjs-core';

/** Central differences of sum(f(x) * dy) with respect to some elements of x. */
export function numericGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  { dy, elements, step = 1e-2 }: { dy: tf.Tensor; elements: readonly number[]; step?: number },
): number[] {
  const values = x.dataSync();
  const at = (element: number, delta: number): number =>
    tf.tidy(() => {
      const moved = Float32Array.from(values);
      moved[element] += delta;
      return tf.sum(tf.mul(f(tf.tensor(moved, x.shape)), dy)).dataSync()[0];
    });
  return elements.map((element) => (at(element, step) - at(element, -step)) / (2 * step));
}
