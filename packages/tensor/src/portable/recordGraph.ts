import { UnavailableError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelTrace, traceKernels } from '../graph/traceKernels.js';
import { withoutFastPaths } from '../native/fastPaths.js';
import { type NodeBackend, nodeBackend } from '../native/nodeBackend.js';
import { joinRecordings, type Recording } from './joinRecordings.js';
import type { PortableGraph } from './portableGraph.js';

/** A computation for any number of images, to be recorded by {@link recordGraph}. */
export interface RecordableComputation {
  /** Name of the input in the file. */
  readonly input: string;
  /** Shape of the input without the batch, e.g. [height, width, 3]. */
  readonly shape: readonly number[];
  /** Names of the outputs in the file, in the order of `compute`. */
  readonly outputs: readonly string[];
  /** From images [B, ...shape] to outputs [B, ...]. Its operations may not depend on the values, or on B but for shapes. */
  readonly compute: (images: tf.Tensor) => tf.Tensor[];
}

/** Numbers of images that a computation is recorded with: two primes, whose multiples are told from other lengths. */
export const RECORDED_BATCHES = [2, 3] as const;

/**
 * Records a computation as a graph for any number of images. It runs for two and for three images, on TensorFlow's plain
 * kernels; what differs between both depends on the number of images. What is computed from weights alone, such as the
 * factors of batch normalization, becomes a constant. `saveGraph` and `encodeOnnx` write it for other runtimes.
 * @throws UnavailableError without native TensorFlow
 * @throws RangeError if an operation depends on the number of images in a way that a graph cannot express
 */
export function recordGraph(computation: RecordableComputation): PortableGraph {
  const backend = nodeBackend();
  if (backend === null)
    throw new UnavailableError(
      `A graph can only be recorded by native TensorFlow, but ${tf.getBackend()} computes here: install it with \`nonlocal-med-engine install\`.`,
    );
  const [two, three] = RECORDED_BATCHES.map((batch) => record(backend, computation, batch));
  const graph = joinRecordings(two, three);
  const shapes = [[-1, ...computation.shape]];
  return {
    ...graph,
    inputs: graph.inputs.map(({ name }, i) => ({ name, shape: shapes[i] })),
    outputs: graph.outputs.map((output, i) => ({ ...output, name: computation.outputs[i] })),
  };
}

function record(
  backend: NodeBackend,
  { input, shape, compute }: RecordableComputation,
  batch: number,
): Recording {
  const images = tf.zeros([batch, ...shape]);
  const { results, finish } = withoutFastPaths(() =>
    traceKernels(backend, { inputs: [images], foldConstants: true }, () =>
      tf.tidy(() => compute(images)),
    ),
  );
  try {
    if (finish === undefined)
      throw new RangeError(
        'The computation cannot be a graph: it reads values back, draws random numbers, or changes something in place.',
      );
    const trace = finish(results);
    try {
      return readTrace(backend, trace, { input, shapes: results.map((result) => result.shape) });
    } finally {
      trace.captured.forEach((id) => backend.binding.deleteTensor(id));
    }
  } finally {
    tf.dispose([images, ...results]);
  }
}

/** A trace with the values of its constants. */
function readTrace(
  { binding }: NodeBackend,
  { placeholders, calls, outputs, captured }: KernelTrace,
  { input, shapes }: { readonly input: string; readonly shapes: readonly number[][] },
): Recording {
  const [image, ...others] = placeholders;
  const named = (source: string): string => (source === image.name ? input : source);
  const used = new Set(
    [...calls.flatMap(({ inputs }) => inputs), ...outputs.map(({ source }) => source)].map(named),
  );
  return {
    inputs: [{ name: input, shape: image.shape }],
    constants: others.flatMap(({ name, shape }, i) =>
      used.has(name)
        ? [
            {
              name,
              shape,
              values: binding.tensorDataSync(captured[i]) as Float32Array | Int32Array,
            },
          ]
        : [],
    ),
    calls: calls.map((call) => ({ ...call, inputs: call.inputs.map(named) })),
    outputs: outputs.map(({ source }, i) => ({
      name: `o${i}`,
      source: named(source),
      shape: shapes[i],
    })),
  };
}
