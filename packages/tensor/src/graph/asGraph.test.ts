import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchNormTrain, conv2d, maxPool, setFastPaths, softmaxCrossEntropy } from '../index.js';
import { asGraph, type GraphComputation } from './asGraph.js';

/** A small net's training step: loss, gradients, moved statistics. */
function step(): { graph: GraphComputation; variables: tf.Variable[]; single: (inputs: readonly tf.Tensor[]) => tf.Tensor[] } {
  const kernel = tf.tidy(() => tf.variable(tf.randomNormal<tf.Rank.R4>([3, 3, 2, 8], 0, 0.3, 'float32', 1)));
  const [scale, offset, mean, variance] = [1, 0, 0, 1].map((value) => tf.tidy(() => tf.variable(tf.fill([8], value))));
  const weights = [kernel, scale, offset];
  const net = (x: tf.Tensor4D): tf.Tensor2D => {
    const running = { mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D, momentum: 0.1, update: (a: tf.Tensor1D, b: tf.Tensor1D) => (mean.assign(a), variance.assign(b)) };
    const y = batchNormTrain(conv2d(x, kernel, { padding: 1 }), scale as tf.Tensor1D, offset as tf.Tensor1D, { activation: 'relu', running });
    return tf.mean(tf.expandDims(maxPool(y, { size: 2, stride: 2 }), 0), [0, 2, 3]);
  };
  const single = ([x, labels]: readonly tf.Tensor[]): tf.Tensor[] => {
    const { value, grads } = tf.variableGrads(() => softmaxCrossEntropy(net(x as tf.Tensor4D), labels as tf.Tensor1D), weights);
    return [value, ...weights.map(({ name }) => grads[name])];
  };
  const variables = [...weights, mean, variance];
  return { graph: asGraph({ compute: single, variables }), variables, single };
}

const batch = (seed: number, size = 6): tf.Tensor[] => [tf.randomNormal([4, size, size, 2], 0, 1, 'float32', seed), tf.tensor1d([0, 3, 5, 1], 'int32')];

function values(tensors: readonly tf.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => tensor.dataSync<'float32'>().slice());
}

eachBackend((backend) => {
  const native = backend === 'native';

  it('gives what single calls give, to the bit, and assigns what they assign', () => {
    const [one, other] = [step(), step()];
    for (let seed = 0; seed < 6; seed++) {
      const inputs = batch(seed);
      const [a, b] = [one.graph.run(inputs), other.single(inputs)];
      expect(values([...a, ...one.variables])).toEqual(values([...b, ...other.variables]));
      tf.dispose([a, b, inputs]);
    }
    expect(one.graph.refusals()).toEqual([]);
    expect(one.graph.graphs()).toBe(native ? 1 : 0);
    one.graph.dispose();
    tf.dispose([one.variables, other.variables]);
  });

  it('leaves no tensors, and keeps none after dispose', () => {
    const before = tf.memory().numTensors;
    const { graph, variables } = step();
    const held = tf.memory().numTensors;
    for (let seed = 0; seed < 5; seed++) tf.tidy(() => void graph.run(batch(seed)));
    expect(tf.memory().numTensors).toBe(held);
    graph.dispose();
    expect(graph.graphs()).toBe(0);
    for (let seed = 0; seed < 5; seed++) tf.tidy(() => void graph.run(batch(seed)));
    expect(graph.graphs()).toBe(native ? 1 : 0);
    graph.dispose();
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });

  describe.runIf(native)('on native TensorFlow', () => {
    it('keeps a graph for each shape, up to four', () => {
      const { graph, variables } = step();
      for (const size of [4, 5, 6, 7, 8]) for (let seed = 0; seed < 4; seed++) tf.tidy(() => void graph.run(batch(seed, size)));
      expect(graph.graphs()).toBe(4);
      graph.dispose();
      tf.dispose(variables);
    });

    it('uses what variables hold at each run, whoever assigned it', () => {
      const factor = tf.variable(tf.scalar(1));
      const graph = asGraph({ compute: ([x]) => [tf.tidy(() => tf.mul(x, factor))], variables: [factor] });
      const results = Array.from({ length: 6 }, (_, i) =>
        tf.tidy(() => {
          factor.assign(tf.scalar(i));
          return graph.run([tf.tensor1d([1, 10])])[0].arraySync();
        }),
      );
      expect(results).toEqual([0, 1, 2, 3, 4, 5].map((i) => [i, 10 * i]));
      expect(graph.graphs()).toBe(1);
      graph.dispose();
      factor.dispose();
    });

    it('keeps tensors that the computation found outside, though they are freed', () => {
      const table = tf.tensor1d([5, 6]);
      const graph = asGraph({ compute: ([x]) => [tf.tidy(() => tf.add(x, table.isDisposed ? 0 : table))], variables: [] });
      const run = (): number[] => tf.tidy(() => graph.run([tf.tensor1d([1, 1])])[0].arraySync() as number[]);
      for (let i = 0; i < 3; i++) run();
      table.dispose();
      expect(run()).toEqual([6, 7]);
      graph.dispose();
    });

    it.each<[string, (x: tf.Tensor) => tf.Tensor, RegExp]>([
      ['draws random numbers', (x) => tf.mul(x, tf.randomUniform(x.shape)), /other numbers/],
      ['depends on the call', (() => {
        let call = 0;
        return (x: tf.Tensor) => tf.mul(x, tf.scalar(++call));
      })(), /other numbers/],
      ['reads numbers', (x) => tf.mul(x, x.dataSync()[0]), /reads numbers/],
    ])('refuses a computation that %s, and leaves it right', (_, compute, reason) => {
      const graph = asGraph({ compute: ([x]) => [tf.tidy(() => compute(x))], variables: [] });
      const before = tf.memory().numTensors;
      const results = Array.from({ length: 5 }, () => tf.tidy(() => graph.run([tf.tensor1d([2, 3])])[0].dataSync()[0]));
      expect(graph.graphs()).toBe(0);
      expect(graph.refusals()).toEqual([expect.stringMatching(reason)]);
      expect(results).toHaveLength(5);
      expect(tf.memory().numTensors).toBe(before);
      graph.dispose();
    });

    it('stays with single calls while fast paths are off', () => {
      const { graph, variables } = step();
      setFastPaths(false);
      try {
        for (let seed = 0; seed < 5; seed++) tf.tidy(() => void graph.run(batch(seed)));
      } finally {
        setFastPaths(true);
      }
      expect(graph.graphs()).toBe(0);
      graph.dispose();
      tf.dispose(variables);
    });

    it('gives way to an error inside the computation', () => {
      let calls = 0;
      const compute = ([x]: readonly tf.Tensor[]): tf.Tensor[] => {
        if (++calls === 2) throw new Error('no');
        return [tf.tidy(() => tf.add(x, 1))];
      };
      const graph = asGraph({ compute, variables: [] });
      const run = (): number => tf.tidy(() => graph.run([tf.tensor1d([2])])[0].dataSync()[0]);
      run();
      expect(run).toThrow('no');
      expect([run(), run(), run(), run()]).toEqual([3, 3, 3, 3]);
      expect(graph.graphs()).toBe(1);
      graph.dispose();
    });
  });
});
