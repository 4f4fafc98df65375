import { UnavailableError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import { type NodeBackend, nodeBackend } from '../native/nodeBackend.js';
import { encodeServedModel, SERVE_TAG } from './encodeServedModel.js';
import type { PortableGraph } from './portableGraph.js';

/**
 * A graph as the file `saved_model.pb` of TensorFlow, with the signature `serving_default`.
 * @throws UnavailableError without native TensorFlow
 */
export function encodeSavedGraph(graph: PortableGraph): Uint8Array<ArrayBuffer> {
  return encodeServedModel(graph, requireNative().binding);
}

/** A SavedModel that native TensorFlow has loaded. */
export interface SavedGraph {
  /** @returns the outputs with these names, which the caller owns */
  run(
    images: tf.Tensor,
    names: { readonly input: string; readonly outputs: readonly string[] },
  ): tf.Tensor[];
  dispose(): void;
}

/**
 * Loads what {@link encodeSavedGraph} made.
 * @param folder with the file `saved_model.pb`
 * @throws UnavailableError without native TensorFlow; TensorFlow's error if the file is damaged
 */
export function loadSavedGraph(folder: string): SavedGraph {
  const backend = requireNative();
  const session = backend.binding.loadSavedModel(folder, SERVE_TAG);
  return {
    run: (images, { input, outputs }) =>
      backend.binding
        .runSavedModel(
          session,
          backend.getInputTensorIds([images]),
          `${input}:0`,
          outputs.map((name) => `${name}:0`).join(','),
        )
        .map((output) => backend.createOutputTensor(output)),
    dispose: () => backend.binding.deleteSavedModel(session),
  };
}

function requireNative(): NodeBackend {
  const backend = nodeBackend();
  if (backend !== null) return backend;
  throw new UnavailableError(
    `A SavedModel needs native TensorFlow, but ${tf.getBackend()} computes here: install it with \`nonlocal-med-engine install\`.`,
  );
}
