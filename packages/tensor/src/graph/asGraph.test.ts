import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  batchNormTrain,
  conv2d,
  kernelChoices,
  maxPool,
  setFastPaths,
  setKernelChoices,
  softmaxCrossEntropy,
} from '../index.js';
import { asGraph, type GraphComputation } from './asGraph.js';

/** The training step of a small network: loss, gradients, updated statistics. */
function step(): {
  graph: GraphComputation;
  variables: tf.Variable[];
  single: (inputs: readonly tf.Tensor[]) => tf.Tensor[];
} {
  const kernel = tf.tidy(() =>
    tf.variable(tf.randomNormal<tf.Rank.R4>([3, 3, 2, 8], 0, 0.3, 'float32', 1)),
  );
  const [scale, offset, mean, variance] = [1, 0, 0, 1].map((value) =>
    tf.tidy(() => tf.variable(tf.fill([8], value))),
  );
  const weights = [kernel, scale, offset];
  const net = (x: tf.Tensor4D): tf.Tensor2D => {
    const running = {
      mean: mean as tf.Tensor1D,
      variance: variance as tf.Tensor1D,
      momentum: 0.1,
      update: (a: tf.Tensor1D, b: tf.Tensor1D) => (mean.assign(a), variance.assign(b)),
    };
    const y = batchNormTrain(conv2d(x, kernel, { padding: 1 }), {
      scale: scale as tf.Tensor1D,
      offset: offset as tf.Tensor1D,
      activation: 'relu',
      running,
    });
    return tf.mean(tf.expandDims(maxPool(y, { size: 2, stride: 2 }), 0), [0, 2, 3]);
  };
  const single = ([x, labels]: readonly tf.Tensor[]): tf.Tensor[] => {
    const { value, grads } = tf.variableGrads(
      () => softmaxCrossEntropy(net(x as tf.Tensor4D), labels as tf.Tensor1D),
      weights,
    );
    return [value, ...weights.map(({ name }) => grads[name])];
  };
  const variables = [...weights, mean, variance];
  return { graph: asGraph({ compute: single, variables }), variables, single };
}

const batch = (seed: number, size = 6): tf.Tensor[] => [
  tf.randomNormal([4, size, size, 2], 0, 1, 'float32', seed),
  tf.tensor1d([0, 3, 5, 1], 'int32'),
];

/** What TensorFlow holds itself: tensors that tfjs does not count, and graphs. */
function held(): { tensors: number; graphs: number } {
  const { binding } = tf.backend() as unknown as {
    binding: { getNumOfTensors(): number; getNumOfSavedModels(): number };
  };
  return { tensors: binding.getNumOfTensors(), graphs: binding.getNumOfSavedModels() };
}

/** Runs a computation of one vector six times. */
function sixTimes(
  compute: (x: tf.Tensor, call: number) => tf.Tensor,
  variables: tf.Variable[] = [],
): { results: unknown[]; graphs: number; refusals: readonly string[] } {
  let call = 0;
  const graph = asGraph({ compute: ([x]) => [tf.tidy(() => compute(x, ++call))], variables });
  const results = Array.from({ length: 6 }, (_, i) =>
    tf.tidy(() => graph.run([tf.tensor1d([1 + i, 20, 300])])[0].arraySync()),
  );
  const [graphs, refusals] = [graph.graphs(), graph.refusals()];
  graph.dispose();
  expect(graph.refusals()).toEqual([]);
  return { results, graphs, refusals };
}

function values(tensors: readonly tf.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => tensor.dataSync<'float32'>().slice());
}

eachBackend((backend) => {
  const native = backend === 'native';

  it('equals the computation bit for bit, including assigned variables', () => {
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

  it('leaks no tensors while running, and keeps none after dispose', () => {
    const before = tf.memory().numTensors;
    const inside = native ? held() : undefined;
    const { graph, variables } = step();
    const kept = tf.memory().numTensors;
    for (let seed = 0; seed < 5; seed++) tf.tidy(() => void graph.run(batch(seed)));
    expect(tf.memory().numTensors).toBe(kept);
    graph.dispose();
    expect(graph.graphs()).toBe(0);
    for (let seed = 0; seed < 5; seed++) tf.tidy(() => void graph.run(batch(seed)));
    expect(graph.graphs()).toBe(native ? 1 : 0);
    graph.dispose();
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
    if (native) expect(held()).toEqual(inside);
  });

  describe.runIf(native)('on native TensorFlow', () => {
    it('keeps one graph per shape, up to four', () => {
      const { graph, variables } = step();
      for (const size of [4, 5, 6, 7, 8])
        for (let seed = 0; seed < 4; seed++) tf.tidy(() => void graph.run(batch(seed, size)));
      expect(graph.graphs()).toBe(4);
      graph.dispose();
      tf.dispose(variables);
    });

    it('uses the current values of variables, whoever assigned them', () => {
      const factor = tf.variable(tf.scalar(1));
      const graph = asGraph({
        compute: ([x]) => [tf.tidy(() => tf.mul(x, factor))],
        variables: [factor],
      });
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

    it('keeps captured tensors alive after their owner frees them', () => {
      const table = tf.tensor1d([5, 6]);
      const graph = asGraph({
        compute: ([x]) => [tf.tidy(() => tf.add(x, table.isDisposed ? 0 : table))],
        variables: [],
      });
      const run = (): number[] =>
        tf.tidy(() => graph.run([tf.tensor1d([1, 1])])[0].arraySync() as number[]);
      for (let i = 0; i < 3; i++) run();
      table.dispose();
      expect(run()).toEqual([6, 7]);
      graph.dispose();
    });

    const ulp = 2 ** -23;
    it.each<[string, (x: tf.Tensor, call: number) => tf.Tensor, RegExp]>([
      ['draws random numbers', (x) => tf.mul(x, tf.randomUniform(x.shape)), /constants differ/],
      [
        'draws random numbers that rarely affect the result',
        (x) => tf.mul(x, tf.floor(tf.add(0.999999, tf.randomUniform([1])))),
        /constants differ/,
      ],
      [
        'draws random numbers in TensorFlow',
        (x) => tf.mul(x, tf.cast(tf.multinomial(tf.tensor1d([1, 1]), 3), 'float32')),
        /draws random/,
      ],
      ['depends on the call', (x, call) => tf.mul(x, tf.scalar(call)), /constants differ/],
      [
        'changes the order of operations',
        (x, call) => tf.concat(call % 2 === 0 ? tf.split(x, 3) : tf.split(x, 3).reverse()),
        /different results/,
      ],
      [
        'differs in last bits that cancel each other',
        (x, call) => tf.add(tf.mul(x, 0), call % 2 === 0 ? [1, 1, 1] : [1 + ulp, 1 - ulp, 1]),
        /constants differ/,
      ],
      ['reads values back', (x) => tf.mul(x, x.dataSync()[0]), /reads values back/],
      ['returns complex numbers', (x) => tf.complex(x, x), /complex64/],
    ])('refuses a computation that %s, and frees everything', (title, compute, reason) => {
      const single = Array.from({ length: 6 }, (_unused, i) =>
        tf.tidy(() => compute(tf.tensor1d([1 + i, 20, 300]), i + 1).arraySync()),
      );
      const [before, inside] = [tf.memory().numTensors, held()];
      const { results, graphs, refusals } = sixTimes(compute);
      expect(graphs).toBe(0);
      expect(refusals).toEqual([expect.stringMatching(reason)]);
      if (!/random/.test(title)) expect(results).toEqual(single);
      expect(tf.memory().numTensors).toBe(before);
      expect(held()).toEqual(inside);
    });

    it('refuses a computation that runs another graph', () => {
      const inner = asGraph({ compute: ([x]) => [tf.tidy(() => tf.mul(x, 2))], variables: [] });
      for (let i = 0; i < 4; i++) tf.tidy(() => void inner.run([tf.tensor1d([1, 2, 3])]));
      const { results, refusals } = sixTimes((x) => inner.run([x])[0]);
      expect(results[5]).toEqual([12, 40, 600]);
      expect(refusals).toEqual([expect.stringMatching(/runs another graph/)]);
      inner.dispose();
    });

    it('refuses a computation that assigns a variable in some calls only', () => {
      const seen = tf.variable(tf.scalar(0));
      const { refusals } = sixTimes(
        (x, call) => {
          if (call > 2) seen.assign(tf.scalar(call));
          return tf.mul(x, 2);
        },
        [seen],
      );
      expect(seen.dataSync()[0]).toBe(6);
      expect(refusals).toEqual([expect.stringMatching(/different results/)]);
      seen.dispose();
    });

    it('distinguishes inputs and variables that shared a tensor in an earlier call', () => {
      const zero = tf.scalar(0);
      const [a, b] = [tf.variable(zero), tf.variable(zero)];
      const graph = asGraph({
        compute: ([x, y]) => [tf.tidy(() => tf.add(tf.sub(x, y), tf.sub(a, b)))],
        variables: [a, b],
      });
      const run = (x: tf.Tensor, y: tf.Tensor): number =>
        tf.tidy(() => graph.run([x, y])[0].dataSync()[0]);
      const [one, three] = [tf.scalar(1), tf.scalar(3)];
      for (let i = 0; i < 4; i++) expect(run(one, one)).toBe(0);
      tf.tidy(() => a.assign(tf.scalar(10)));
      for (let i = 0; i < 4; i++) expect(run(one, one)).toBe(10);
      expect(graph.graphs()).toBe(0);
      for (let i = 0; i < 4; i++) expect(run(one, three)).toBe(8);
      expect(graph.graphs()).toBe(1);
      graph.dispose();
      tf.dispose([zero, a, b, one, three]);
    });

    it('starts over when the kernel choices are replaced', () => {
      const { graph, variables } = step();
      const [recorded, options] = [kernelChoices(), { measure: false, shared: null }];
      for (let seed = 0; seed < 4; seed++) tf.tidy(() => void graph.run(batch(seed)));
      const chosen = kernelChoices();
      expect(graph.graphs()).toBe(1);
      setKernelChoices({}, options);
      tf.tidy(() => void graph.run(batch(4)));
      expect(graph.graphs()).toBe(0);
      expect(Object.keys(kernelChoices()).every((key) => key in chosen)).toBe(true);
      expect(Object.keys(kernelChoices()).length).toBeGreaterThan(0);
      setKernelChoices(recorded, options);
      graph.dispose();
      tf.dispose(variables);
    });

    it('runs the computation as usual while gradients are recorded', () => {
      const factor = tf.variable(tf.scalar(3));
      const graph = asGraph({ compute: ([x]) => [tf.sum(tf.mul(x, factor))], variables: [factor] });
      for (let i = 0; i < 6; i++) {
        tf.tidy(() => {
          const { grads } = tf.variableGrads(
            () => graph.run([tf.tensor1d([1, 2])])[0] as tf.Scalar,
            [factor],
          );
          expect(grads[factor.name].dataSync()[0]).toBe(3);
        });
      }
      graph.dispose();
      factor.dispose();
    });

    it.each(['loadSavedModel', 'runSavedModel'] as const)(
      'runs the computation as usual if TensorFlow fails in %s',
      (name) => {
        const backend = tf.backend() as unknown as { binding: object };
        const { binding } = backend;
        backend.binding = Object.create(binding, {
          [name]: {
            value: () => {
              throw new Error('no memory');
            },
          },
        }) as object;
        const inside = held();
        try {
          const { results, refusals } = sixTimes((x) => tf.mul(x, 2));
          expect(results[5]).toEqual([12, 40, 600]);
          expect(refusals).toEqual([expect.stringMatching(/no memory/)]);
          expect(held()).toEqual(inside);
        } finally {
          backend.binding = binding;
        }
      },
    );

    it('runs the computation as usual while fast paths are off', () => {
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

    it('passes on an error of the computation, and tries again later', () => {
      let calls = 0;
      const inside = held();
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
      expect(held()).toEqual(inside);
    });
  });
});
