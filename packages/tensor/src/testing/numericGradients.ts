import { NdArray } from './ndArray.js';

const STEP = 1e-6;

/**
 * Gradients of sum(f(inputs) * dy) by central differences in float64, accurate to about 1e-9 where f is smooth.
 * @param inputs modified and restored one value at a time
 */
export function numericGradients(
  f: (...inputs: NdArray[]) => NdArray,
  inputs: NdArray[],
  dy: NdArray,
): NdArray[] {
  const loss = (): number =>
    f(...inputs).data.reduce((sum, value, i) => sum + value * dy.data[i], 0);
  return inputs.map((input) => {
    const gradient = new NdArray(input.shape);
    for (let i = 0; i < input.data.length; i++) {
      const value = input.data[i];
      input.data[i] = value + STEP;
      const above = loss();
      input.data[i] = value - STEP;
      gradient.data[i] = (above - loss()) / (2 * STEP);
      input.data[i] = value;
    }
    return gradient;
  });
}
