import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createFusedAdam, type FusedAdam } from './fusedAdam.js';

interface AdamGolden {
  p0: number[];
  grads: number[][];
  p_after_each: number[][];
}

const golden = (
  JSON.parse(
    readFileSync(new URL('../test/golden/torch_modules.json', import.meta.url), 'utf8'),
  ) as Record<string, AdamGolden>
)['adam_lr2e-4_eps1e-8'];

function step(adam: FusedAdam, name: string, gradient: number[]): void {
  tf.tidy(() => adam.apply({ [name]: tf.tensor1d(gradient) }, 2e-4));
}

eachBackend((backend) => {
  it.runIf(backend === 'wasm')('does not exist on other backends', () => {
    expect(createFusedAdam([])).toBeNull();
  });

  describe.runIf(backend === 'native')('createFusedAdam', () => {
    it('takes the steps of torch.optim.Adam (golden adam_lr2e-4_eps1e-8)', () => {
      const variable = tf.variable(tf.tensor1d(golden.p0));
      const adam = createFusedAdam([variable])!;
      golden.grads.forEach((gradient, i) => {
        step(adam, variable.name, gradient);
        const values = variable.dataSync();
        // Rounding to float32 near 2 leaves 1.2e-7 a step.
        golden.p_after_each[i].forEach((expected, j) =>
          expect(Math.abs(values[j] - expected)).toBeLessThan(3e-7),
        );
      });
      adam.dispose();
      variable.dispose();
    });

    it('takes the size of each step from the formula, in float64, to 1e-6', () => {
      const variable = tf.variable(tf.zeros([1]));
      const adam = createFusedAdam([variable])!;
      let [m, v] = [0, 0];
      for (let t = 1; t <= 20; t++) {
        const gradient = Math.fround(Math.sin(t) * 10 ** ((t % 5) - 3));
        variable.assign(tf.tidy(() => tf.zeros([1])));
        step(adam, variable.name, [gradient]);
        m = 0.9 * m + 0.1 * gradient;
        v = 0.999 * v + 0.001 * gradient ** 2;
        const expected = (-2e-4 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
        expect(Math.abs(variable.dataSync()[0] / expected - 1)).toBeLessThan(2e-6);
      }
      adam.dispose();
      variable.dispose();
    });

    it('continues from a state to the bit', () => {
      const [a, b] = [
        tf.variable(tf.tensor1d([1, -2, 0.5])),
        tf.variable(tf.tensor1d([1, -2, 0.5])),
      ];
      const [through, stopped] = [createFusedAdam([a])!, createFusedAdam([b])!];
      const gradients = [
        [0.1, -0.2, 0.3],
        [0.05, 0.4, -0.1],
        [1e-9, 0, 2],
      ];
      gradients.forEach((gradient) => step(through, a.name, gradient));
      gradients.slice(0, 2).forEach((gradient) => step(stopped, b.name, gradient));
      const state = stopped.state();
      const continued = createFusedAdam([b])!;
      continued.restore(state);
      step(continued, b.name, gradients[2]);
      expect(b.dataSync()).toEqual(a.dataSync());
      expect(continued.state().moments[b.name]).toEqual(through.state().moments[a.name]);
      expect(continued.state().step).toBe(3);
      [through, stopped, continued].forEach((adam) => adam.dispose());
      tf.dispose([a, b]);
    });

    it('updates vectors that share a slot as each alone, whatever has no gradient or was assigned or restored meanwhile', () => {
      const make = (): tf.Variable[] =>
        [[1, 2, 3], [4, 5], [6]].map((values) => tf.tidy(() => tf.variable(tf.tensor1d(values))));
      const [joined, apart] = [make(), make()];
      let together = createFusedAdam(joined)!;
      const alone = apart.map((variable) => createFusedAdam([variable])!);
      const before = tf.memory().numTensors;
      for (let t = 1; t <= 12; t++) {
        const gradients = joined.map(({ size }, i) =>
          (t + i) % 3 === 0
            ? undefined
            : tf.tidy(() =>
                tf.tensor1d(Array.from({ length: size }, (_, j) => Math.sin(t + i + j))),
              ),
        );
        together.apply(Object.fromEntries(joined.map(({ name }, i) => [name, gradients[i]])), 0.1);
        alone.forEach((adam, i) => adam.apply({ [apart[i].name]: gradients[i] }, 0.1));
        tf.dispose(gradients.filter((gradient) => gradient !== undefined));
        if (t === 5)
          [joined[1], apart[1]].forEach((variable) =>
            tf.tidy(() => variable.assign(tf.tensor1d([-1, 1]))),
          );
        if (t === 8) {
          const state = together.state();
          together.dispose();
          together = createFusedAdam(joined)!;
          together.restore(state);
        }
        joined.forEach((variable, i) => expect(variable.dataSync()).toEqual(apart[i].dataSync()));
        joined.forEach(({ name }, i) =>
          expect(together.moments(name)).toEqual(alone[i].moments(apart[i].name)),
        );
      }
      expect(tf.memory().numTensors).toBe(before);
      [together, ...alone].forEach((adam) => adam.dispose());
      tf.dispose([joined, apart]);
    });

    it('sees a value assigned from outside, and leaves copies taken before a step alone', () => {
      const variable = tf.variable(tf.tensor1d([1, 2, 3]));
      const adam = createFusedAdam([variable])!;
      step(adam, variable.name, [1, 1, 1]);
      variable.assign(tf.tidy(() => tf.tensor1d([10, 20, 30])));
      const copy = variable.clone();
      step(adam, variable.name, [1, 1, 1]);
      expect(Array.from(copy.dataSync())).toEqual([10, 20, 30]);
      expect(variable.dataSync()[0]).toBeCloseTo(9.9998, 5);
      expect(variable.dataSync()[2]).toBeCloseTo(29.9998, 5);
      adam.dispose();
      tf.dispose([copy, variable]);
    });

    it('leaves no tensors and stays out of variables without a gradient', () => {
      const variables = [tf.variable(tf.ones([3])), tf.variable(tf.ones([2, 2]))];
      const before = tf.memory().numTensors;
      const adam = createFusedAdam(variables)!;
      const held = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) step(adam, variables[0].name, [1, 2, 3]);
      expect(tf.memory().numTensors).toBe(held);
      expect(Array.from(variables[1].dataSync())).toEqual([1, 1, 1, 1]);
      adam.dispose();
      adam.dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(variables);
    });

    it('refuses gradients and moments of another shape before it changes anything', () => {
      const variable = tf.variable(tf.ones([3]));
      const adam = createFusedAdam([variable])!;
      expect(() => step(adam, variable.name, [1, 2])).toThrow(/\[2\], not \[3\]/);
      expect(adam.state().step).toBe(0);
      expect(() => adam.restore({ step: 1, moments: {} })).toThrow(/two moments of 3 numbers/);
      adam.dispose();
      variable.dispose();
    });
  });
});
