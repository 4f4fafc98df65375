import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from '../native/fastPaths.js';
import { kernelChoicesGeneration } from '../native/kernelChoices.js';
import { type NodeBackend, nodeBackend } from '../native/nodeBackend.js';
import { fingerprints, hashConstants } from './fingerprints.js';
import { type LoadedGraph, loadGraph } from './loadGraph.js';
import { traceKernels } from './traceKernels.js';

/** A computation that is repeated with different values; see {@link asGraph}. */
export interface RepeatedComputation {
  /**
   * Calls the same operations for inputs of the same shapes, whatever their values. The caller owns its results; it tidies
   * up its intermediate tensors itself.
   */
  readonly compute: (inputs: readonly tf.Tensor[]) => tf.Tensor[];
  /** What it reads besides its inputs and may assign: weights, running statistics. */
  readonly variables: readonly tf.Variable[];
}

/** A repeated computation that turns into TensorFlow graphs; see {@link asGraph}. */
export interface GraphComputation {
  /** @returns the computation's results, which the caller owns */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Number of input shapes that run as a graph. */
  graphs(): number;
  /** Why inputs of some shapes cannot run as a graph. Shapes beyond the fourth graph are not tried. */
  refusals(): readonly string[];
  /** Frees the graphs; the next calls start over. */
  dispose(): void;
}

/**
 * Turns a computation that is repeated into a TensorFlow graph, which runs without JavaScript between its operations. A
 * training step then takes 0.6 to 0.9 of its time, with results that are equal bit for bit.
 *
 * For each shape of inputs the first call runs as usual, the second is recorded, and the third is computed both ways. From
 * the fourth call the graph runs, provided both ways gave the same results from the same constants and assigned the same
 * variables, bit for bit. So a computation that creates tensors of random numbers keeps running operation by operation.
 *
 * What the computation reads besides its inputs and variables is a constant to the graph, and what it assigns besides them
 * is not assigned by the graph: do not pass a computation that branches in JavaScript at random or by a state that changes
 * later. Backends other than native TensorFlow on a CPU have no graphs, and neither has a computation inside `tf.grads`
 * and the like, since a graph has no gradient; there every call runs as usual.
 */
export function asGraph(repeated: RepeatedComputation): GraphComputation {
  return new GraphFunction(repeated);
}

/** Each graph takes some 20 KB per kernel call, so shapes beyond these run operation by operation. */
const MAX_GRAPHS = 4;
/** Shapes whose state is remembered. */
const MAX_SHAPES = 64;

/**
 * How far inputs of one shape have come:
 *
 *     (new) -> warming -> recorded -> verified
 *                 |           |          |
 *                 +-----------+----------+--> refused
 */
type State =
  /** Called once, so that its kernels are chosen. */
  | { readonly name: 'warming' }
  /** There is a graph, which has not been compared with the computation. */
  | { readonly name: 'recorded'; readonly recorded: RecordedGraph }
  /** The graph gave what the computation gave, and runs in its place. */
  | { readonly name: 'verified'; readonly recorded: RecordedGraph }
  /** Cannot be a graph. */
  | { readonly name: 'refused' };

interface RecordedGraph {
  /** Its outputs are the computation's results, then the new values of `assigned`. */
  readonly graph: LoadedGraph;
  readonly assigned: readonly tf.Variable[];
  /** Hashes of the constants that JavaScript created for it. */
  readonly constants: readonly number[];
}

/** One call with inputs of a shape. */
interface Call {
  readonly backend: NodeBackend;
  readonly inputs: readonly tf.Tensor[];
  readonly shape: string;
}

class GraphFunction implements GraphComputation {
  private readonly states = new Map<string, State>();
  private readonly reasons: string[] = [];
  private generation = kernelChoicesGeneration();

  constructor(private readonly repeated: RepeatedComputation) {}

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const backend = nodeBackend();
    if (backend === null || !supportsGraph(backend, this.parameters(inputs)))
      return this.repeated.compute(inputs);
    this.forgetOutdatedGraphs();
    const shape = inputs.map((input) => `${input.dtype} [${input.shape.join(', ')}]`).join(', ');
    const call = { backend, inputs, shape };
    const state = this.states.get(shape);
    switch (state?.name) {
      case undefined:
        return this.warmUp(call);
      case 'warming':
        return this.loadedGraphs().length < MAX_GRAPHS
          ? this.record(call)
          : this.repeated.compute(inputs);
      case 'recorded':
        return this.verify(call, state.recorded);
      case 'verified':
        return this.runGraph(call, state.recorded);
      case 'refused':
        return this.repeated.compute(inputs);
    }
  }

  /** First call: settles which kernels compute this shape. */
  private warmUp({ inputs, shape }: Call): tf.Tensor[] {
    if (this.states.size < MAX_SHAPES) this.states.set(shape, { name: 'warming' });
    return this.repeated.compute(inputs);
  }

  /** Second call: runs as usual, and loads what it called as a graph. */
  private record({ backend, inputs, shape }: Call): tf.Tensor[] {
    const parameters = this.parameters(inputs);
    // Parameters that share a tensor now cannot be told apart in a trace, and may differ in another call.
    if (new Set(backend.getInputTensorIds(parameters)).size < parameters.length)
      return this.repeated.compute(inputs);
    const before = this.dataIds();
    const { results: traced, constants } = hashConstants(backend, () =>
      traceKernels(backend, { inputs: parameters }, () => this.repeated.compute(inputs)),
    );
    const { results, finish } = traced;
    if (finish === undefined) {
      this.refuse(
        shape,
        'it reads values back, draws random numbers, changes something in place, or runs another graph',
      );
      return results;
    }
    const assigned = this.assignedSince(before);
    try {
      const graph = loadGraph(backend, finish([...results, ...assigned]));
      this.states.set(shape, { name: 'recorded', recorded: { graph, assigned, constants } });
    } catch (error) {
      this.refuse(shape, error);
    }
    return results;
  }

  /** Third call: runs both, and returns the results of the computation. */
  private verify(call: Call, recorded: RecordedGraph): tf.Tensor[] {
    const { backend, inputs, shape } = call;
    const kernels = fastKernels()!;
    const outputs = this.tryGraph(call, recorded.graph);
    if (outputs === undefined) return this.repeated.compute(inputs);
    const graphFingerprints = fingerprints(kernels, outputs);
    tf.dispose(outputs);

    const before = this.dataIds();
    const { results, constants } = hashConstants(backend, () => this.repeated.compute(inputs));
    const { assigned } = recorded;
    const assignsTheSame = tf.util.arraysEqual(
      assigned.map(({ id }) => id),
      this.assignedSince(before).map(({ id }) => id),
    );
    if (!tf.util.arraysEqual(constants, [...recorded.constants]))
      this.refuse(shape, 'its constants differ between calls, as random numbers do', recorded);
    else if (
      !assignsTheSame ||
      !areEqual(graphFingerprints, fingerprints(kernels, [...results, ...assigned]))
    )
      this.refuse(shape, 'its graph gave different results', recorded);
    else this.states.set(shape, { name: 'verified', recorded });
    return results;
  }

  /** Later calls: the graph in place of the computation. */
  private runGraph(call: Call, { graph, assigned }: RecordedGraph): tf.Tensor[] {
    const outputs = this.tryGraph(call, graph);
    if (outputs === undefined) return this.repeated.compute(call.inputs);
    const values = outputs.splice(outputs.length - assigned.length);
    assigned.forEach((variable, i) => variable.assign(values[i]));
    tf.dispose(values);
    return outputs;
  }

  /** The graph's outputs; undefined, and the shape refused, if TensorFlow cannot run it although it could load it. */
  private tryGraph({ inputs, shape }: Call, graph: LoadedGraph): tf.Tensor[] | undefined {
    try {
      return tf.tidy(() => graph.run(this.parameters(inputs)));
    } catch (error) {
      this.refuse(shape, error, { graph });
      return undefined;
    }
  }

  private refuse(shape: string, reason: unknown, recorded?: Pick<RecordedGraph, 'graph'>): void {
    recorded?.graph.dispose();
    this.states.set(shape, { name: 'refused' });
    this.reasons.push(`${shape}: ${reason instanceof Error ? reason.message : String(reason)}`);
  }

  graphs(): number {
    return [...this.states.values()].filter(({ name }) => name === 'verified').length;
  }

  refusals(): readonly string[] {
    return [...this.reasons];
  }

  dispose(): void {
    this.loadedGraphs().forEach((graph) => graph.dispose());
    this.states.clear();
    this.reasons.length = 0;
  }

  /** Once the kernel choices are replaced, other kernels may compute the same operations. */
  private forgetOutdatedGraphs(): void {
    const generation = kernelChoicesGeneration();
    if (generation !== this.generation) this.dispose();
    this.generation = generation;
  }

  private loadedGraphs(): LoadedGraph[] {
    return [...this.states.values()].flatMap((state) =>
      'recorded' in state ? [state.recorded.graph] : [],
    );
  }

  /** Everything that is passed to the graph at each run. */
  private parameters(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    return [...inputs, ...this.repeated.variables];
  }

  private dataIds(): object[] {
    return this.repeated.variables.map(({ dataId }) => dataId);
  }

  private assignedSince(before: readonly object[]): tf.Variable[] {
    return this.repeated.variables.filter(({ dataId }, i) => dataId !== before[i]);
  }
}

function supportsGraph(backend: NodeBackend, parameters: readonly tf.Tensor[]): boolean {
  const recordsGradients = tf.engine().state.gradientDepth > 0;
  return (
    !backend.isUsingGpuDevice &&
    fastKernels() !== null &&
    !recordsGradients &&
    parameters.every(
      ({ dtype, isDisposed }) => !isDisposed && dtype !== 'string' && dtype !== 'complex64',
    )
  );
}

function areEqual(a: readonly Int32Array[], b: readonly Int32Array[]): boolean {
  return a.length === b.length && a.every((array, i) => tf.util.arraysEqual(array, b[i]));
}
