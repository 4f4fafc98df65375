import type * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../native/nodeBackend.js';
import { encodeSavedModel, GRAPH_TAG } from './encodeSavedModel.js';
import type { KernelTrace } from './traceKernels.js';

/** A recording that TensorFlow runs as a whole. */
export interface LoadedGraph {
  /** @param inputs as when it was recorded @returns the outputs, which `tf.tidy` tracks */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/** @throws what TensorFlow says where it cannot make a graph of the recording; its captured tensors are freed then. */
export function loadGraph(backend: NodeBackend, recording: KernelTrace): LoadedGraph {
  const { binding } = backend;
  const free = (): void => recording.captured.forEach((id) => binding.deleteTensor(id));
  try {
    const session = load(backend, recording);
    const inputNames = recording.placeholders.map(({ name }) => `${name}:0`).join(',');
    const outputNames = recording.outputs.map((_, i) => `o${i}:0`).join(',');
    return {
      run: (inputs) =>
        backend.binding
          .runSavedModel(
            session,
            [...backend.getInputTensorIds(inputs), ...recording.captured],
            inputNames,
            outputNames,
          )
          .map((output) => backend.createOutputTensor(output)),
      dispose() {
        try {
          binding.deleteSavedModel(session);
        } finally {
          free();
        }
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}

/** TensorFlow takes a graph from a file only. */
function load({ binding }: NodeBackend, recording: KernelTrace): number {
  // Not imported: this package also runs in browsers, where it never comes here.
  const { mkdtempSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const { tmpdir } = process.getBuiltinModule('node:os');
  const folder = mkdtempSync(`${tmpdir()}/nonlocal-med-graph-`);
  try {
    writeFileSync(`${folder}/saved_model.pb`, encodeSavedModel(recording, binding));
    return binding.loadSavedModel(folder, GRAPH_TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
