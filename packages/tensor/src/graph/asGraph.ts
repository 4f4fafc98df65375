import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastKernels.js';
import { nodeBackend, type NodeBackend } from '../native/nodeBackend.js';
import { digest } from './digest.js';
import { loadProgram, type Program } from './loadProgram.js';
import { recordCalls } from './recordCalls.js';

/** A computation that is repeated with other numbers; see {@link asGraph}. */
export interface Repeated {
  /** Asks the same operations for inputs of the same shapes, whatever their numbers. Its results are the caller's. */
  readonly compute: (inputs: readonly tf.Tensor[]) => tf.Tensor[];
  /** What it reads beside its inputs and may assign: weights, running statistics. */
  readonly variables: readonly tf.Variable[];
}

/** A repeated computation and what it has become. */
export interface GraphComputation {
  /** @returns the computation's results, which are the caller's */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Shapes of inputs that are computed as a graph. */
  graphs(): number;
  /** Why inputs of some shapes stay with single calls. */
  refusals(): readonly string[];
  /** Frees the graphs; the next calls begin anew. */
  dispose(): void;
}

/** How far inputs of one shape have come. */
type Stage =
  | { readonly name: 'first' | 'single' }
  | { readonly name: 'trial' | 'graph'; readonly program: Program; readonly assigned: readonly tf.Variable[] };

/** Each graph holds some 20 KB a call: more shapes than these stay with single calls. */
const MOST_GRAPHS = 4;

/**
 * Makes one TensorFlow graph of a computation that is repeated, without JavaScript between its operations. A training
 * step takes 0.6 to 0.9 of its time.
 *
 * For each shape of inputs the first call runs as usual, the second is recorded, the third is computed both ways. From
 * the fourth on the graph runs, if both gave the same bits; a computation that draws random numbers, or depends on more
 * than inputs and variables, stays with single calls. So it does on other backends than native TensorFlow on a CPU.
 */
export function asGraph({ compute, variables }: Repeated): GraphComputation {
  const stages = new Map<string, Stage>();
  const reasons: string[] = [];
  const programs = (): Program[] => [...stages.values()].flatMap((stage) => ('program' in stage ? [stage.program] : []));

  function record(backend: NodeBackend, inputs: readonly tf.Tensor[], key: string): tf.Tensor[] {
    const before = variables.map(({ dataId }) => dataId);
    const { results, finish } = recordCalls(backend, [...inputs, ...variables], () => compute(inputs));
    stages.set(key, { name: 'single' });
    if (finish === undefined) reasons.push(`${key}: it reads numbers on its way, or changes something in place`);
    else {
      const assigned = variables.filter(({ dataId }, i) => dataId !== before[i]);
      try {
        stages.set(key, { name: 'trial', assigned, program: loadProgram(backend, finish([...results, ...assigned])) });
      } catch (error) {
        reasons.push(`${key}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return results;
  }

  function tryBoth(inputs: readonly tf.Tensor[], key: string, stage: Extract<Stage, { name: 'trial' | 'graph' }>): tf.Tensor[] {
    const kernels = fastKernels()!;
    const { program, assigned } = stage;
    const of = digestOfRun(() => digest(kernels, program.run([...inputs, ...variables])));
    const results = compute(inputs);
    const same = of !== undefined && tf.util.arraysEqual(of, digest(kernels, [...results, ...assigned]));
    if (!same) {
      program.dispose();
      reasons.push(`${key}: as a graph it gave other numbers`);
    }
    stages.set(key, same ? { ...stage, name: 'graph' } : { name: 'single' });
    return results;
  }

  function runGraph(inputs: readonly tf.Tensor[], { program, assigned }: Extract<Stage, { name: 'trial' | 'graph' }>): tf.Tensor[] {
    return tf.tidy(() => {
      const outputs = program.run([...inputs, ...variables]);
      const results = outputs.slice(0, outputs.length - assigned.length);
      assigned.forEach((variable, i) => variable.assign(outputs[results.length + i]));
      return results;
    });
  }

  return {
    run(inputs) {
      const backend = nodeBackend();
      if (backend === null || backend.isUsingGpuDevice || fastKernels() === null) return compute(inputs);
      const key = inputs.map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`).join(', ');
      const stage = stages.get(key);
      if (stage === undefined) {
        stages.set(key, { name: 'first' });
        return compute(inputs);
      }
      if (stage.name === 'first' && programs().length < MOST_GRAPHS) return record(backend, inputs, key);
      if (stage.name === 'trial') return tryBoth(inputs, key, stage);
      return stage.name === 'graph' ? runGraph(inputs, stage) : compute(inputs);
    },
    graphs: () => [...stages.values()].filter(({ name }) => name === 'graph').length,
    refusals: () => reasons,
    dispose() {
      programs().forEach((program) => program.dispose());
      stages.clear();
    },
  };
}

function digestOfRun(run: () => number[]): number[] | undefined {
  try {
    return tf.tidy(run);
  } catch {
    return undefined; // TensorFlow loads what it cannot run
  }
}
