import { type Backend, eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { setFastPaths } from '../native/fastPaths.js';
import { kernelChoices, setKernelChoices } from '../native/kernelChoices.js';
import { convolutionCases } from '../testing/convolutionCases.js';
import { expectClose } from '../testing/expectClose.js';
import { NdArray } from '../testing/ndArray.js';
import { numericGradients } from '../testing/numericGradients.js';
import type { OperationCase } from '../testing/operationCase.js';
import { otherCases } from '../testing/otherCases.js';
import { poolingCases } from '../testing/poolingCases.js';

const CASES = [...convolutionCases, ...poolingCases, ...otherCases];
/** Float32 against float64, relative to the largest value: a few hundred roundings of 6e-8. */
const TOLERANCE = 1e-5;

/** The names of all kernels that operations choose between. */
const KERNELS = ['oneDnn', 'oneDnnPadded', 'plain', 'product'];

afterEach(() => {
  setFastPaths(true);
  setKernelChoices({}, { measure: false, shared: null });
});

/** Makes operations use this kernel for every shape that it supports. */
function prefer(kernel: string): void {
  setKernelChoices({}, { measure: true, shared: { get: () => kernel, settle: () => undefined } });
}

eachBackend((backend) => {
  describe.each(CASES)('$name', (operation) => {
    it('equals the float64 reference, forward and in every gradient', () => {
      const { y, gradients } = evaluate(operation);
      const inputs = inputsOf(operation);
      const expected = operation.reference(...inputs);
      expect(y.shape).toEqual([...expected.shape]);
      expectClose(y.data, expected.data, TOLERANCE);
      numericGradients(operation.reference, inputs, dyOf(expected)).forEach((gradient, i) =>
        expectClose(gradients[i], gradient.data, TOLERANCE),
      );
    });

    it('computes each gradient alone', () => {
      const { gradients } = evaluate(operation);
      operation.shapes.forEach((_, i) =>
        expect(evaluate(operation, i).gradients[0]).toEqual(gradients[i]),
      );
    });

    it('repeats bit for bit and leaks no tensors', () => {
      evaluate(operation);
      const before = tf.memory().numTensors;
      const first = evaluate(operation);
      expect(tf.memory().numTensors).toBe(before);
      expect(evaluate(operation)).toEqual(first);
    });

    it.runIf(hasFastPaths(backend))('gives the same result with fast paths off', () => {
      const fast = evaluate(operation);
      setFastPaths(false);
      const portable = evaluate(operation);
      expectClose(portable.y.data, fast.y.data, TOLERANCE);
      portable.gradients.forEach((gradient, i) =>
        expectClose(gradient, fast.gradients[i], TOLERANCE),
      );
    });

    it.runIf(hasFastPaths(backend)).each(KERNELS)(
      'gives the same result by the kernel %s',
      (kernel) => {
        setFastPaths(false);
        const portable = evaluate(operation);
        setFastPaths(true);
        prefer(kernel);
        const chosen = evaluate(operation);
        expectClose(chosen.y.data, portable.y.data, TOLERANCE);
        chosen.gradients.forEach((gradient, i) =>
          expectClose(gradient, portable.gradients[i], TOLERANCE),
        );
      },
    );
  });

  it.runIf(hasFastPaths(backend))('cover every kernel with at least one operation', () => {
    const used = KERNELS.map((kernel) => {
      prefer(kernel);
      CASES.forEach((operation) => evaluate(operation));
      return Object.values(kernelChoices());
    });
    used.forEach((names, i) => expect(names).toContain(KERNELS[i]));
    expect(used.flat().filter((name) => !KERNELS.includes(name))).toEqual([]);
  });
});

function hasFastPaths(backend: Backend): boolean {
  return backend === 'native';
}

function inputsOf({ shapes, inputs }: OperationCase): NdArray[] {
  return inputs?.() ?? shapes.map((shape, i) => NdArray.noise(shape, i + 1));
}

function dyOf({ shape }: { readonly shape: readonly number[] }): NdArray {
  return NdArray.noise(shape, 99);
}

/** The operation's result and the gradients of all inputs, or of one. Leaks no tensor. */
function evaluate(
  operation: OperationCase,
  only?: number,
): { y: { shape: number[]; data: Float32Array }; gradients: Float32Array[] } {
  const inputs = inputsOf(operation).map(toTensor);
  const differentiated = only === undefined ? inputs : [inputs[only]];
  const run = (...given: tf.Tensor[]): tf.Tensor =>
    operation.run(
      ...(only === undefined ? given : inputs.map((input, i) => (i === only ? given[0] : input))),
    );
  const y = operation.run(...inputs);
  const dy = toTensor(dyOf(y));
  const gradients = tf.grads(run)(differentiated, dy);
  expect(dy.isDisposed, 'the caller owns the upstream gradient').toBe(false);
  const result = {
    y: { shape: y.shape, data: y.dataSync<'float32'>() },
    gradients: gradients.map((gradient) => gradient.dataSync<'float32'>()),
  };
  tf.dispose([...inputs, y, dy, ...gradients]);
  return result;
}

function toTensor({ shape, data }: NdArray): tf.Tensor {
  return tf.tensor(Float32Array.from(data), [...shape]);
}
