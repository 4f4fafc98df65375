import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { goldenModels, type GoldenSpread, goldenSpread } from './testing/goldenModels.js';
import { type GoldenRun, goldenRun } from './testing/goldenRun.js';

/**
 * Our float32 runs may be this many times as far from PyTorch's float64 run as the farthest of PyTorch's float32 runs. Where
 * a ReLU input may change its sign (gradients before it, everything after the first step), chance decides: there the
 * farthest run of any model with the same backbone counts. No ReLU follows the classifier.
 */
const FACTOR = 5;
const CLOSE = 3e-5;
const CLASSIFIER = /^(head\.)?fc\./;
/** Gradients that are zero in exact arithmetic are rounding errors and are compared with the largest gradient. */
const NOISE = 1e-5;

/**
 * All models take the steps of the golden file with NONLOCAL_MED_SLOW=1. By default those of ShuffleNetV2 and one ResNet do
 * so on native, and one on wasm; the others take two, of which the second loss sees every gradient, the optimizer and the
 * statistics of the batch, or one on wasm, and there only where no ShuffleNetV2 has the same attention.
 */
const slow = process.env.NONLOCAL_MED_SLOW === '1';
const LONG = { native: /^(shufflenetv2.*|resnet18-cbam)$/, wasm: /^shufflenetv2$/ };
const ONLY_IN_RESNET = /-(nonlocal|ccnet|cbam)$/;

const golden = goldenModels();
const spread = goldenSpread();

const largest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

/** The farthest float32 run of PyTorch over the models with this one's backbone. */
function farthest(name: string): GoldenSpread {
  const rows = Object.entries(spread.models)
    .filter(([other]) => other.split('-')[0] === name.split('-')[0])
    .map(([, row]) => row);
  const most = (pick: (row: GoldenSpread) => number): number => Math.max(...rows.map(pick));
  return {
    logits: most((row) => row.logits),
    losses: rows[0].losses.map((_, step) => most((row) => row.losses[step])),
    gradients: most((row) => row.gradients),
    logits_after: most((row) => row.logits_after),
    running: most((row) => row.running),
  };
}

eachBackend((backend) => {
  const names = Object.keys(golden.models).filter(
    (name) =>
      slow || backend === 'native' || name.startsWith('shuffle') || ONLY_IN_RESNET.test(name),
  );
  describe.each(names)('%s equals PyTorch', (name) => {
    const row = golden.models[name];
    const own = spread.models[name];
    const shared = farthest(name);
    const few = backend === 'wasm' && name.startsWith('resnet') ? 1 : 2;
    const steps = slow || LONG[backend].test(name) ? golden.steps : few;
    let run: GoldenRun;

    it('runs without leaving tensors behind', () => {
      const before = tf.memory().numTensors;
      run = goldenRun(name, golden, { steps, dropout: name === 'resnet18-ccnet' ? 0 : undefined });
      expect(tf.memory().numTensors).toBe(before);
    }, 300_000);

    it('in logits and losses', () => {
      expect(largest(run.logits, row.logits.flat())).toBeLessThan(FACTOR * own.logits + 1e-6);
      run.losses.forEach((loss, step) =>
        expect(Math.abs(loss - row.losses[step]), `loss of step ${step}`).toBeLessThan(
          FACTOR * (step === 0 ? own : shared).losses[step] + 1e-5,
        ),
      );
    });

    it('in the gradient of every weight', () => {
      expect([...run.gradientNorms.keys()].sort()).toEqual(Object.keys(row.gradient_norms).sort());
      const top = Math.max(...Object.values(row.gradient_norms));
      for (const [key, norm] of Object.entries(row.gradient_norms)) {
        const difference = Math.abs(run.gradientNorms.get(key)! - norm);
        expect(difference, key).toBeLessThan(
          norm > NOISE * top ? (FACTOR * shared.gradients + 1e-5) * norm : 2 * NOISE * top,
        );
        if (CLASSIFIER.test(key)) expect(difference, key).toBeLessThan(CLOSE * norm);
      }
    });

    it.runIf(steps === golden.steps)('in running statistics and logits after six steps', () => {
      expect([...run.runningSums.keys()].sort()).toEqual(Object.keys(row.running_sums).sort());
      for (const [key, sum] of Object.entries(row.running_sums)) {
        expect(Math.abs(run.runningSums.get(key)! - sum), key).toBeLessThan(
          (FACTOR * shared.running + 1e-5) * (1 + Math.abs(sum)),
        );
      }
      expect(largest(run.logitsAfter, row.logits_after.flat())).toBeLessThan(
        FACTOR * shared.logits_after + 1e-5,
      );
    });
  });
});
