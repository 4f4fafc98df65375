import { dirname } from 'node:path';
import { InputError, UnavailableError } from '@nonlocal-med/core';
import { graphNames } from '@nonlocal-med/models';
import { loadSavedGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { type ExportResults, rowsOf, type RunExport } from './runOnnxFile.js';

/**
 * Runs a SavedModel with the TensorFlow under TF.js.
 * @param file `saved_model.pb`
 * @throws UnavailableError without native TensorFlow
 * @throws InputError if TensorFlow cannot load or run the file
 */
export function runSavedModel(file: string, { batches, outputs }: RunExport): ExportResults {
  try {
    const saved = loadSavedGraph(dirname(file));
    try {
      const results = batches.map(({ shape, values }) =>
        tf.tidy(() => {
          const images = tf.tensor(values, [...shape], 'float32');
          const found = saved.run(images, { input: graphNames.input, outputs });
          return Object.fromEntries(
            outputs.map((name, i) => [name, rowsOf(found[i].dataSync(), shape[0])]),
          );
        }),
      );
      return { runtime: 'TensorFlow', results };
    } finally {
      saved.dispose();
    }
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    throw new InputError(
      { path: file, message: `cannot be run by TensorFlow: ${(error as Error).message}` },
      { cause: error },
    );
  }
}
