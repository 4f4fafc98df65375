import type * as tf from '@tensorflow/tfjs-core';
import type { BindingAttribute } from '../native/kernelAttributes.js';
import {
  type NodeBackend,
  type NodeBinding,
  type TensorMetadata,
  withBinding,
} from '../native/nodeBackend.js';

/** The kernels that a computation calls, in order: everything that a graph is built from. */
export interface KernelTrace {
  readonly placeholders: readonly Placeholder[];
  readonly calls: readonly TracedCall[];
  readonly outputs: readonly TraceOutput[];
  /** TensorFlow's ids of the tensors for the last placeholders: constants that the computation created or found outside. */
  readonly captured: readonly number[];
}

/** A tensor that a graph is given at each run. */
interface Placeholder {
  readonly name: string;
  /** TensorFlow's code of the element type. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** One call of a kernel. */
export interface TracedCall {
  readonly name: string;
  readonly kernel: string;
  readonly attributes: readonly BindingAttribute[];
  /** Where each input comes from: the name of a placeholder or a call, with `:1` for a call's second result. */
  readonly inputs: readonly string[];
  /** Shapes of its results. */
  readonly shapes: readonly (readonly number[])[];
}

/** One output of a graph. */
interface TraceOutput {
  readonly source: string;
  readonly dtype: number;
}

/** A traced computation. */
interface Traced<Results> {
  readonly results: Results;
  /**
   * Ends the trace with the graph's outputs. Undefined if the computation cannot be a graph: it reads values back, draws
   * random numbers in TensorFlow, changes something in place, or runs a graph.
   */
  readonly finish: ((outputs: readonly tf.Tensor[]) => KernelTrace) | undefined;
}

/** Kernels that draw random numbers: in a graph they would have their own random stream. */
const RANDOM_KERNELS = /Random|Multinomial|TruncatedNormal/;

/** What {@link traceKernels} records. */
export interface TraceOptions {
  /**
   * Tensors that differ from run to run, including the values of variables, all distinct; every other tensor counts as a
   * constant.
   */
  readonly inputs: readonly tf.Tensor[];
  /** Record what is computed from constants alone as its result, not as calls; except tiling. Default false. */
  readonly foldConstants?: boolean;
}

/** Runs a computation as usual and records the kernels that it calls. */
export function traceKernels<Results>(
  backend: NodeBackend,
  { inputs, foldConstants = false }: TraceOptions,
  compute: () => Results,
): Traced<Results> {
  const { binding } = backend;
  const trace = new TraceBuilder(binding);
  const ids = backend.getInputTensorIds(inputs);
  inputs.forEach(({ dtype, shape }, i) =>
    trace.addInput(ids[i], { dtype: typeCode(binding, dtype), shape }),
  );
  let isTraceable = true;
  const untraceable = <T>(result: T): T => {
    isTraceable = false;
    return result;
  };
  try {
    const overrides: Partial<NodeBinding> = {
      executeOp: (...call) => {
        const [kernel, attributes, inputIds, outputs] = call;
        const results = binding.executeOp(...call);
        if (outputs === 0 || RANDOM_KERNELS.test(kernel)) return untraceable(results);
        const isConstant = !inputIds.some((id) => trace.dependsOnInputs(id));
        if (!foldConstants || !isConstant || kernel === 'Tile')
          trace.addCall({ kernel, attributes, inputIds, results });
        return results;
      },
      tensorDataSync: (id) => untraceable(binding.tensorDataSync(id)),
      tensorData: (id) => untraceable(binding.tensorData(id)),
      runSavedModel: (...call) => untraceable(binding.runSavedModel(...call)),
    };
    const results = withBinding(backend, overrides, compute);
    if (!isTraceable) trace.discard();
    const finish = (outputs: readonly tf.Tensor[]): KernelTrace => {
      try {
        const types = outputs.map(({ dtype }) => typeCode(binding, dtype));
        return trace.finish(backend.getInputTensorIds(outputs), types);
      } catch (error) {
        trace.discard();
        throw error;
      }
    };
    return { results, finish: isTraceable ? finish : undefined };
  } catch (error) {
    trace.discard();
    throw error;
  }
}

interface ExecutedCall {
  readonly kernel: string;
  readonly attributes: readonly BindingAttribute[];
  readonly inputIds: readonly number[];
  readonly results: readonly TensorMetadata[];
}

/** Collects a trace and names the source of each tensor. */
class TraceBuilder {
  private readonly sources = new Map<number, string>();
  private readonly constants = new Set<number>();
  private readonly placeholders: Placeholder[] = [];
  private readonly captured: number[] = [];
  private readonly calls: TracedCall[] = [];

  constructor(private readonly binding: NodeBinding) {}

  addInput(id: number, { dtype, shape }: Omit<Placeholder, 'name'>): void {
    const name = `i${this.placeholders.length}`;
    this.placeholders.push({ name, dtype, shape });
    this.sources.set(id, name);
  }

  addCall(call: ExecutedCall): void {
    const name = `c${this.calls.length}`;
    this.calls.push({
      name,
      kernel: call.kernel,
      attributes: this.completeAttributes(call),
      inputs: call.inputIds.map((id) => this.sourceOf(id)),
      shapes: call.results.map(({ shape }) => shape),
    });
    call.results.forEach(({ id }, i) => this.sources.set(id, i === 0 ? name : `${name}:${i}`));
  }

  /** Whether a tensor has been given or computed since, and is not a constant that was used before. */
  dependsOnInputs(id: number): boolean {
    return this.sources.has(id) && !this.constants.has(id);
  }

  finish(outputIds: readonly number[], types: readonly number[]): KernelTrace {
    const outputs = outputIds.map((id, i) => ({ source: this.sourceOf(id), dtype: types[i] }));
    return {
      placeholders: this.placeholders,
      calls: neededCalls(this.calls, outputs),
      outputs,
      captured: this.captured,
    };
  }

  /** Frees the captured tensors. */
  discard(): void {
    this.captured.splice(0).forEach((id) => this.binding.deleteTensor(id));
  }

  private sourceOf(id: number): string {
    if (!this.sources.has(id)) {
      // A second tensor on the same memory, which remains when the computation frees its own.
      const [kept] = this.binding.executeOp('Identity', [], [id], 1);
      this.captured.push(kept.id);
      this.constants.add(id);
      this.addInput(id, kept);
    }
    return this.sources.get(id)!;
  }

  /** Adds attributes that tfjs-node leaves to TensorFlow's eager mode, but a graph must state. */
  private completeAttributes({ kernel, attributes, results }: ExecutedCall): BindingAttribute[] {
    if (kernel !== 'ExpandDims') return [...attributes];
    const type = this.binding.TF_ATTR_TYPE;
    return [
      { name: 'T', type, value: results[0].dtype },
      { name: 'Tdim', type, value: this.binding.TF_INT32 },
    ];
  }
}

/** The calls that the outputs depend on. */
function neededCalls(calls: readonly TracedCall[], outputs: readonly TraceOutput[]): TracedCall[] {
  const needed = new Set(outputs.map(({ source }) => callName(source)));
  return calls
    .toReversed()
    .filter(({ name, inputs }) => {
      if (needed.has(name)) inputs.forEach((source) => needed.add(callName(source)));
      return needed.has(name);
    })
    .toReversed();
}

function callName(source: string): string {
  return source.split(':')[0];
}

function typeCode(binding: NodeBinding, dtype: tf.DataType): number {
  if (dtype === 'float32') return binding.TF_FLOAT;
  if (dtype === 'int32') return binding.TF_INT32;
  if (dtype === 'bool') return binding.TF_BOOL;
  throw new RangeError(`a graph cannot take or return tensors of type ${dtype}`);
}
