import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type ArtifactFiles, artifactFiles } from './artifactFiles.js';

/** Any layers model as the two files of TF.js's own format. */
export async function modelFiles(model: LayersModel): Promise<ArtifactFiles> {
  let files: ArtifactFiles | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      files = artifactFiles(artifacts);
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    }),
  );
  return files!;
}
