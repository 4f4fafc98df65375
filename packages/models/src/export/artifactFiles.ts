import * as tf from '@tensorflow/tfjs-core';

/** The two files of a model in TF.js's own format. */
export type ArtifactFiles = Readonly<Record<'model.json' | 'weights.bin', Uint8Array>>;

/** Model artifacts as the files that `tf.loadLayersModel` reads, all weights in one. */
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
