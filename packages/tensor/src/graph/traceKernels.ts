import type * as tf from '@tensorflow/tfjs-core';
import type { BindingAttribute } from '../native/kernelAttributes.js';
import type { NodeBackend, NodeBinding, TensorMetadata } from '../native/nodeBackend.js';

/** A tensor that a graph is given at each run. */
interface Placeholder {
  readonly name: string;
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** One call of a kernel. */
interface KernelCall {
  readonly name: string;
  readonly kernel: string;
  readonly attributes: readonly BindingAttribute[];
  /** Where each input comes from: a placeholder's name, or a call's, with `:1` for its second result. */
  readonly inputs: readonly string[];
}

/** A result of a recording. */
interface TraceOutput {
  readonly source: string;
  readonly dtype: number;
}

/** What a computation asked of TensorFlow, in its order. */
export interface KernelTrace {
  readonly placeholders: readonly Placeholder[];
  readonly calls: readonly KernelCall[];
  readonly outputs: readonly TraceOutput[];
  /** TensorFlow's numbers of the tensors for the last placeholders: constants that the computation made, or had from outside. */
  readonly captured: readonly number[];
}

/** Kernels that draw random numbers: a graph would go on with a stream of its own. */
const DRAWS = /Random|Multinomial|TruncatedNormal/;

/** What a recorded computation gave. */
interface Recorded<Results> {
  readonly results: Results;
  /**
   * Undefined where the computation cannot be a graph: it reads numbers on its way, draws some in TensorFlow, changes
   * something in place, or runs a graph.
   */
  readonly finish: ((outputs: readonly tf.Tensor[]) => KernelTrace) | undefined;
}

/**
 * Runs a computation as usual and notes the kernels that it calls.
 * @param inputs tensors that differ from run to run, variables' values included, no two of them one; every other tensor
 * counts as a constant
 * @returns its results, and a function that ends the notes with what the graph is to give
 */
export function traceKernels<Results>(
  backend: NodeBackend,
  inputs: readonly tf.Tensor[],
  compute: () => Results,
): Recorded<Results> {
  const { binding } = backend;
  const notes = takeNotes(binding);
  backend
    .getInputTensorIds(inputs)
    .forEach((id, i) =>
      notes.input(id, { dtype: typeOf(binding, inputs[i].dtype), shape: inputs[i].shape }),
    );
  let fits = true;
  const unfit = <T>(call: () => T): T => {
    fits = false;
    return call();
  };
  backend.binding = Object.create(binding, {
    executeOp: {
      value(
        kernel: string,
        attributes: readonly BindingAttribute[],
        ids: readonly number[],
        count: number,
      ) {
        if (count === 0 || DRAWS.test(kernel))
          return unfit(() => binding.executeOp(kernel, attributes, ids, count));
        const results = binding.executeOp(kernel, attributes, ids, count);
        notes.call({ kernel, attributes, ids, results });
        return results;
      },
    },
    tensorDataSync: { value: (id: number) => unfit(() => binding.tensorDataSync(id)) },
    tensorData: { value: (id: number) => unfit(() => binding.tensorData(id)) },
    runSavedModel: {
      value: (...parameters: Parameters<NodeBinding['runSavedModel']>) =>
        unfit(() => binding.runSavedModel(...parameters)),
    },
  }) as NodeBinding;
  try {
    const results = compute();
    const finish = (outputs: readonly tf.Tensor[]): KernelTrace => {
      try {
        return notes.recording(
          backend.getInputTensorIds(outputs),
          outputs.map(({ dtype }) => typeOf(binding, dtype)),
        );
      } catch (error) {
        notes.drop();
        throw error;
      }
    };
    return { results, finish: fits ? finish : undefined };
  } catch (error) {
    notes.drop();
    throw error;
  } finally {
    backend.binding = binding;
    if (!fits) notes.drop();
  }
}

interface Call {
  readonly kernel: string;
  readonly attributes: readonly BindingAttribute[];
  readonly ids: readonly number[];
  readonly results: readonly TensorMetadata[];
}

interface Notes {
  input(id: number, placeholder: Omit<Placeholder, 'name'>): void;
  call(call: Call): void;
  recording(outputIds: readonly number[], types: readonly number[]): KernelTrace;
  /** Frees what was captured. */
  drop(): void;
}

function takeNotes(binding: NodeBinding): Notes {
  const sources = new Map<number, string>();
  const placeholders: Placeholder[] = [];
  const captured: number[] = [];
  const calls: KernelCall[] = [];
  const input: Notes['input'] = (id, placeholder) => {
    const name = `i${placeholders.length}`;
    placeholders.push({ name, ...placeholder });
    sources.set(id, name);
  };
  const sourceOf = (id: number): string => {
    if (!sources.has(id)) {
      // Another tensor of the same memory, which stays when the computation frees its own.
      const [kept] = binding.executeOp('Identity', [], [id], 1);
      captured.push(kept.id);
      input(id, kept);
    }
    return sources.get(id)!;
  };
  return {
    input,
    call({ kernel, attributes, ids, results }) {
      const name = `c${calls.length}`;
      calls.push({
        name,
        kernel,
        attributes: withTypes(binding, { kernel, attributes, ids, results }),
        inputs: ids.map(sourceOf),
      });
      results.forEach(({ id }, i) => sources.set(id, i === 0 ? name : `${name}:${i}`));
    },
    recording(outputIds, types) {
      const outputs = outputIds.map((id, i): TraceOutput => ({
        source: sourceOf(id),
        dtype: types[i],
      }));
      return { placeholders, calls: needed(calls, outputs), outputs, captured };
    },
    drop: () => captured.splice(0).forEach((id) => binding.deleteTensor(id)),
  };
}

/** Attributes that tfjs-node leaves to TensorFlow's eager mode, and that a graph must name. */
function withTypes(
  binding: NodeBinding,
  { kernel, attributes, results }: Call,
): readonly BindingAttribute[] {
  if (kernel !== 'ExpandDims') return [...attributes];
  const type = (name: string, value: number): BindingAttribute => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value,
  });
  return [type('T', results[0].dtype), type('Tdim', binding.TF_INT32)];
}

/** The calls that the outputs depend on. */
function needed(calls: readonly KernelCall[], outputs: readonly TraceOutput[]): KernelCall[] {
  const wanted = new Set(outputs.map(({ source }) => callOf(source)));
  return calls
    .toReversed()
    .filter(({ name, inputs }) => {
      if (wanted.has(name)) inputs.forEach((source) => wanted.add(callOf(source)));
      return wanted.has(name);
    })
    .toReversed();
}

const callOf = (source: string): string => source.split(':')[0];

function typeOf(binding: NodeBinding, dtype: tf.DataType): number {
  if (dtype === 'float32') return binding.TF_FLOAT;
  if (dtype === 'int32') return binding.TF_INT32;
  if (dtype === 'bool') return binding.TF_BOOL;
  throw new RangeError(`tensors of the type ${dtype} cannot be given to a graph`);
}
