import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type AdamKernel, createAdamKernel } from './adamKernel.js';

const step = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

function update(kernel: AdamKernel, ...gradients: number[][]): void {
  tf.tidy(() =>
    kernel.update(
      gradients.map((gradient) => tf.tensor1d(gradient)),
      step,
    ),
  );
}

eachBackend((backend) => {
  it.runIf(backend === 'wasm')('does not exist on other backends', () => {
    expect(createAdamKernel([])).toBeNull();
  });

  describe.runIf(backend === 'native')('createAdamKernel', () => {
    it('updates a variable and both moments by the formula', () => {
      const variable = tf.variable(tf.tensor1d([1, -2]));
      const kernel = createAdamKernel([variable])!;
      update(kernel, [0.5, 4]);
      const { first, second } = kernel.moments(0);
      // m = 0.1 g, v = 0.001 g^2, w -= 0.1 m / (sqrt(v) + 1e-8) = 0.1 * 0.1 / sqrt(0.001)
      [0.05, 0.4].forEach((m, i) => expect(first[i]).toBeCloseTo(m, 6));
      [0.00025, 0.016].forEach((v, i) => expect(second[i]).toBeCloseTo(v, 6));
      [1 - 0.316228, -2 - 0.316228].forEach((w, i) =>
        expect(variable.dataSync()[i]).toBeCloseTo(w, 5),
      );
      kernel.dispose();
      variable.dispose();
    });

    it('updates vectors that share a slot as each alone, also after values were assigned or moments restored', () => {
      const create = (): tf.Variable[] =>
        [[1, 2, 3], [4, 5], [6]].map((values) => tf.tidy(() => tf.variable(tf.tensor1d(values))));
      const [joined, apart] = [create(), create()];
      let together = createAdamKernel(joined)!;
      const alone = apart.map((variable) => createAdamKernel([variable])!);
      const before = tf.memory().numTensors;
      for (let t = 1; t <= 12; t++) {
        const gradients = joined.map(({ size }, i) =>
          Array.from({ length: size }, (_, j) => Math.sin(t + i + j)),
        );
        update(together, ...gradients);
        alone.forEach((kernel, i) => update(kernel, gradients[i]));
        if (t === 5)
          [joined[1], apart[1]].forEach((variable) =>
            tf.tidy(() => variable.assign(tf.tensor1d([-1, 1]))),
          );
        if (t === 8) {
          const moments = joined.map((_, i) => together.moments(i));
          together.dispose();
          together = createAdamKernel(joined)!;
          together.restore(moments);
        }
        joined.forEach((variable, i) => expect(variable.dataSync()).toEqual(apart[i].dataSync()));
        joined.forEach((_, i) => expect(together.moments(i)).toEqual(alone[i].moments(0)));
      }
      expect(tf.memory().numTensors).toBe(before);
      [together, ...alone].forEach((kernel) => kernel.dispose());
      tf.dispose([joined, apart]);
    });

    it('uses values assigned from outside and leaves copies taken before a step unchanged', () => {
      const variable = tf.variable(tf.tensor1d([1, 2, 3]));
      const kernel = createAdamKernel([variable])!;
      update(kernel, [1, 1, 1]);
      variable.assign(tf.tidy(() => tf.tensor1d([10, 20, 30])));
      const copy = variable.clone();
      update(kernel, [1, 1, 1]);
      expect(Array.from(copy.dataSync())).toEqual([10, 20, 30]);
      // m = 0.19, v = 0.001999: 0.1 * 0.19 / sqrt(0.001999) = 0.424959
      expect(variable.dataSync()[0]).toBeCloseTo(10 - 0.424959, 5);
      expect(variable.dataSync()[2]).toBeCloseTo(30 - 0.424959, 5);
      kernel.dispose();
      tf.dispose([copy, variable]);
    });

    it('leaves no tensors behind', () => {
      const variables = [tf.variable(tf.ones([3])), tf.variable(tf.ones([2, 2]))];
      const gradients = [tf.ones([3]), tf.ones([2, 2])];
      const before = tf.memory().numTensors;
      const kernel = createAdamKernel(variables)!;
      const held = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) kernel.update(gradients, step);
      expect(tf.memory().numTensors).toBe(held);
      kernel.dispose();
      kernel.dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([variables, gradients]);
    });

    it('refuses a gradient of another shape before it changes anything', () => {
      const variables = [tf.variable(tf.ones([3])), tf.variable(tf.ones([2]))];
      const kernel = createAdamKernel(variables)!;
      expect(() => update(kernel, [1, 2], [1, 2, 3])).toThrow(/has shape \[2\], expected \[3\]/);
      expect(kernel.moments(0).first).toEqual(new Float32Array(3));
      kernel.dispose();
      tf.dispose(variables);
    });
  });
});
