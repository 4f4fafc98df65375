import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { kernelChoicesGeneration } from '../native/kernelChoices.js';
import { type NodeBackend, nodeBackend } from '../native/nodeBackend.js';
import { fingerprints, hashConstants } from './fingerprints.js';
import { type LoadedGraph, loadGraph } from './loadGraph.js';
import { traceKernels } from './traceKernels.js';

/** A computation that is repeated with other numbers; see {@link asGraph}. */
export interface Repeated {
  /**
   * Asks the same operations for inputs of the same shapes, whatever their numbers. Its results are the caller's; what it
   * makes on its way it tidies itself.
   */
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
  /** Why inputs of some shapes were tried as a graph and stay with single calls; shapes after the fourth graph are not tried. */
  refusals(): readonly string[];
  /** Frees the graphs; the next calls begin anew. */
  dispose(): void;
}

/** A graph, the variables that it assigns, and hashes of the constants that JavaScript made for it. */
interface Made {
  readonly program: LoadedGraph;
  readonly assigned: readonly tf.Variable[];
  readonly constants: readonly number[];
}

/** How far inputs of one shape have come. */
type Stage = { readonly name: 'first' | 'single' } | ({ readonly name: 'trial' | 'graph' } & Made);

/** Each graph holds some 20 KB a call: more shapes than these stay with single calls. */
const MOST_GRAPHS = 4;
/** Shapes that are told apart. */
const MOST_SHAPES = 64;

/**
 * Makes one TensorFlow graph of a computation that is repeated, without JavaScript between its operations. A training
 * step takes 0.6 to 0.9 of its time.
 *
 * For each shape of inputs the first call runs as usual, the second is recorded, the third is computed both ways. From
 * the fourth on the graph runs, if both gave the same results from the same constants and assigned the same variables, bit
 * for bit. So a computation that draws tensors of random numbers stays with single calls. What the computation reads
 * beside inputs and variables counts as a constant, and what it assigns beside them is not assigned by the graph: one that
 * decides in JavaScript, by chance or by a state of its own that shows only later, must not be given. Other backends than
 * native TensorFlow on a CPU stay with single calls, and so does what is computed while gradients are recorded, since a
 * graph has none.
 */
export function asGraph({ compute, variables }: Repeated): GraphComputation {
  const stages = new Map<string, Stage>();
  const reasons: string[] = [];
  let generation = kernelChoicesGeneration();
  const programs = (): LoadedGraph[] =>
    [...stages.values()].flatMap((stage) => ('program' in stage ? [stage.program] : []));
  const dataIds = (): object[] => variables.map(({ dataId }) => dataId);
  const assignedSince = (before: readonly object[]): tf.Variable[] =>
    variables.filter(({ dataId }, i) => dataId !== before[i]);

  function refuse(key: string, reason: unknown, program?: LoadedGraph): void {
    program?.dispose();
    stages.set(key, { name: 'single' });
    reasons.push(`${key}: ${reason instanceof Error ? reason.message : String(reason)}`);
  }

  function record(backend: NodeBackend, inputs: readonly tf.Tensor[], key: string): tf.Tensor[] {
    const all = [...inputs, ...variables];
    // Two that are one tensor now could not be told apart in the notes; they may differ at another call.
    if (new Set(backend.getInputTensorIds(all)).size < all.length) return compute(inputs);
    const before = dataIds();
    const { results: recorded, constants } = hashConstants(backend, () =>
      traceKernels(backend, all, () => compute(inputs)),
    );
    const { results, finish } = recorded;
    if (finish === undefined)
      refuse(
        key,
        'it reads numbers on its way, draws random ones, changes something in place, or runs a graph',
      );
    else {
      const assigned = assignedSince(before);
      try {
        stages.set(key, {
          name: 'trial',
          assigned,
          constants,
          program: loadGraph(backend, finish([...results, ...assigned])),
        });
      } catch (error) {
        refuse(key, error);
      }
    }
    return results;
  }

  /** The graph's outputs; undefined where TensorFlow cannot run it: it loads more than it runs. */
  function attempt(
    inputs: readonly tf.Tensor[],
    key: string,
    program: LoadedGraph,
  ): tf.Tensor[] | undefined {
    try {
      return tf.tidy(() => program.run([...inputs, ...variables]));
    } catch (error) {
      refuse(key, error, program);
      return undefined;
    }
  }

  function tryBoth(
    backend: NodeBackend,
    inputs: readonly tf.Tensor[],
    { key, made }: { key: string; made: Made },
  ): tf.Tensor[] {
    const kernels = fastKernels()!;
    const { program, assigned } = made;
    const outputs = attempt(inputs, key, program);
    if (outputs === undefined) return compute(inputs);
    const ofGraph = fingerprints(kernels, outputs);
    tf.dispose(outputs);
    const before = dataIds();
    const { results, constants } = hashConstants(backend, () => compute(inputs));
    const sameVariables = tf.util.arraysEqual(
      assigned.map(({ id }) => id),
      assignedSince(before).map(({ id }) => id),
    );
    if (!tf.util.arraysEqual(constants, [...made.constants]))
      refuse(key, 'its constants differ from call to call, as random numbers do', program);
    else if (sameVariables && sameArrays(ofGraph, fingerprints(kernels, [...results, ...assigned])))
      stages.set(key, { ...made, name: 'graph' });
    else refuse(key, 'as a graph it gave other numbers', program);
    return results;
  }

  function runGraph(
    inputs: readonly tf.Tensor[],
    key: string,
    { program, assigned }: Made,
  ): tf.Tensor[] {
    const outputs = attempt(inputs, key, program);
    if (outputs === undefined) return compute(inputs);
    const moved = outputs.splice(outputs.length - assigned.length);
    assigned.forEach((variable, i) => variable.assign(moved[i]));
    tf.dispose(moved);
    return outputs;
  }

  function dispose(): void {
    programs().forEach((program) => program.dispose());
    stages.clear();
    reasons.length = 0;
  }

  return {
    run(inputs) {
      const backend = nodeBackend();
      if (backend === null || !mayBeGraph(backend, [...inputs, ...variables]))
        return compute(inputs);
      if (generation !== (generation = kernelChoicesGeneration())) dispose(); // other kernels may serve now
      const key = inputs.map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`).join(', ');
      const stage = stages.get(key);
      if (stage === undefined && stages.size < MOST_SHAPES) stages.set(key, { name: 'first' });
      if (stage?.name === 'first' && programs().length < MOST_GRAPHS)
        return record(backend, inputs, key);
      if (stage?.name === 'trial') return tryBoth(backend, inputs, { key, made: stage });
      return stage?.name === 'graph' ? runGraph(inputs, key, stage) : compute(inputs);
    },
    graphs: () => [...stages.values()].filter(({ name }) => name === 'graph').length,
    refusals: () => [...reasons],
    dispose,
  };
}

function mayBeGraph(backend: NodeBackend, tensors: readonly tf.Tensor[]): boolean {
  const recordsGradients = tf.engine().state.gradientDepth > 0;
  return (
    !backend.isUsingGpuDevice &&
    fastKernels() !== null &&
    !recordsGradients &&
    tensors.every(
      ({ dtype, isDisposed }) => !isDisposed && dtype !== 'string' && dtype !== 'complex64',
    )
  );
}

const sameArrays = (a: readonly Int32Array[], b: readonly Int32Array[]): boolean =>
  a.length === b.length && a.every((array, i) => tf.util.arraysEqual(array, b[i]));
