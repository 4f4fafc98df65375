/**
 * The program that tests an installation in a child process: loads TensorFlow from the folder in
 * its first argument and compares a matrix product, a sort and a convolution's gradient with values
 * computed by hand. Prints a {@link SmokeTestResult} as the last line of standard output.
 */
import { loadNative } from './load/loadNative.js';
import { tfjs } from './load/tfjs.js';

/** The result, printed as one line of JSON. */
export interface SmokeTestResult {
  readonly tensorflow: string;
  readonly usesGpu: boolean;
}

smokeTest(process.argv[2]).then(
  (result) => process.stdout.write(`\n${JSON.stringify(result)}\n`),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\n${message.split('\n')[0]}\n`);
    process.exitCode = 1;
  },
);

async function smokeTest(folder: string): Promise<SmokeTestResult> {
  const { tensorflow, usesGpu } = loadNative(folder);
  const tf = tfjs();
  const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])];
  expectValues('matMul', await tf.matMul(a, b).data(), [19, 22, 43, 50]);
  expectValues('topk', await tf.topk(tf.tensor1d([3, 1, 2]), 2).values.data(), [3, 2]);
  const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const gradient = tf.grad((kernel) =>
    tf.sum(tf.conv2d(image, kernel as ReturnType<typeof tf.tensor4d>, 1, 'valid')),
  )(tf.ones([2, 2, 1, 1]));
  expectValues('gradient of conv2d', await gradient.data(), [12, 16, 24, 28]);
  return { tensorflow, usesGpu };
}

function expectValues(
  operation: string,
  found: ArrayLike<number>,
  expected: readonly number[],
): void {
  const equal =
    found.length === expected.length &&
    expected.every((value, i) => Math.abs(found[i] - value) <= 1e-4 * Math.abs(value));
  if (!equal)
    throw new Error(
      `${operation} returned ${Array.from(found).join(', ')} instead of ${expected.join(', ')}`,
    );
}
