import type * as tf from '@tensorflow/tfjs-core';

/** Keeps a model's artifacts in memory, converted to JSON and back as by a file. */
export function memoryHandler(): Required<Pick<tf.io.IOHandler, 'load' | 'save'>> {
  let kept: tf.io.ModelArtifacts = {};
  return {
    save: ({ weightData, ...rest }) => {
      kept = { ...(JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts), weightData };
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      });
    },
    load: () => Promise.resolve(kept),
  };
}
