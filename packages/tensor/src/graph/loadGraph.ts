import type * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../native/nodeBackend.js';
import { encodeSavedModel, GRAPH_TAG } from './encodeSavedModel.js';
import type { KernelTrace } from './traceKernels.js';

/** A graph in a TensorFlow session. */
export interface LoadedGraph {
  /**
   * @param inputs in the order of the trace
   * @returns the outputs, tracked by `tf.tidy`
   */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/**
 * Loads a trace as a graph that TensorFlow runs as a whole.
 * @throws TensorFlow's error if it cannot build the graph; the trace's captured tensors are freed then
 */
export function loadGraph(backend: NodeBackend, trace: KernelTrace): LoadedGraph {
  const { binding } = backend;
  const freeCaptured = (): void => trace.captured.forEach((id) => binding.deleteTensor(id));
  try {
    const session = loadSession(backend, trace);
    const inputNames = trace.placeholders.map(({ name }) => `${name}:0`).join(',');
    const outputNames = trace.outputs.map((_, i) => `o${i}:0`).join(',');
    return {
      run: (inputs) =>
        backend.binding
          .runSavedModel(
            session,
            [...backend.getInputTensorIds(inputs), ...trace.captured],
            inputNames,
            outputNames,
          )
          .map((output) => backend.createOutputTensor(output)),
      dispose() {
        try {
          binding.deleteSavedModel(session);
        } finally {
          freeCaptured();
        }
      },
    };
  } catch (error) {
    freeCaptured();
    throw error;
  }
}

/** TensorFlow only accepts a graph as a file. */
function loadSession({ binding }: NodeBackend, trace: KernelTrace): number {
  // Not imported, because this package also runs in browsers, which never get here.
  const { mkdtempSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const { tmpdir } = process.getBuiltinModule('node:os');
  const folder = mkdtempSync(`${tmpdir()}/nonlocal-med-graph-`);
  try {
    writeFileSync(`${folder}/saved_model.pb`, encodeSavedModel(trace, binding));
    return binding.loadSavedModel(folder, GRAPH_TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
