import { writeSafetensors } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { stateDict } from '../weights/stateDict.js';
import { exportableModel, type ExportOptions } from './exportableModel.js';

/** The files of an exported model. */
export type ExportFiles = Readonly<
  Record<'model.json' | 'weights.bin' | 'weights.safetensors', Uint8Array>
>;

/**
 * The files of a trained model, to be stored anywhere: `model.json` and `weights.bin` in TF.js's format (RGB 0..255 in,
 * probabilities out; labels, preprocessing and the model's name and options as metadata), and `weights.safetensors` with
 * PyTorch's names and layouts. The model itself is not changed.
 * @throws InputError when the labels or the size do not fit the model, or the model was not created by `createModel`.
 */
export async function exportFiles(
  model: LayersModel,
  options: ExportOptions,
): Promise<ExportFiles> {
  const exported = exportableModel(model, options);
  try {
    const metadata = { format: 'pt', model: JSON.stringify(exported.getUserDefinedMetadata()) };
    return {
      ...(await modelFiles(exported)),
      'weights.safetensors': writeSafetensors(stateDict(exported), metadata),
    };
  } finally {
    exported.dispose();
  }
}

/** Any layers model as the two files of TF.js's format. */
async function modelFiles(model: LayersModel): Promise<ArtifactFiles> {
  let files: ArtifactFiles | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      files = artifactFiles(artifacts);
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    }),
  );
  return files!;
}

/** The two files of a model in TF.js's format. */
type ArtifactFiles = Readonly<Record<'model.json' | 'weights.bin', Uint8Array>>;

/** Model artifacts as the files that `tf.loadLayersModel` reads, with all weights in one file. */
export function artifactFiles({
  modelTopology,
  weightSpecs = [],
  weightData,
  ...rest
}: tf.io.ModelArtifacts): ArtifactFiles {
  const { format, generatedBy, convertedBy, trainingConfig, userDefinedMetadata } = rest;
  const json = {
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    format,
    generatedBy,
    convertedBy,
    trainingConfig,
    userDefinedMetadata,
  };
  const weights =
    weightData === undefined ? new ArrayBuffer(0) : tf.io.CompositeArrayBuffer.join(weightData);
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(json)),
    'weights.bin': new Uint8Array(weights),
  };
}
