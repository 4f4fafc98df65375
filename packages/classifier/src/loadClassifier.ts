import { type DecodedPixels, levelsOfPixels } from '@nonlocal-med/data/image';
import { type Classifier, createClassifier } from './createClassifier.js';
import { filesAt, type ReadFile } from './modelSource.js';

/**
 * Loads a classifier that a run exported (`model` in its folder): network, preprocessing, calibration, operating points, and
 * statistics of the training images. It computes on the TF.js backend that the page has chosen; a model on WebGPU is loaded
 * only if its self-test passes there.
 *
 * @param source address of the folder, or of `model.json` in it; or a function that gives the files of the folder by name, for a
 * model inside a page or chosen by its user
 * @returns the classifier; the caller disposes it
 * @throws InputError if a file is missing or damaged, or asks for something that is not known here
 * @throws UnavailableError if no TF.js backend is available, or WebGPU does not pass the self-test
 * @example
 * ```ts
 * import { loadClassifier } from '@nonlocal-med/classifier';
 * import { defaultPreprocessing } from '@nonlocal-med/core';
 * import { useEngine } from '@nonlocal-med/engine';
 * import { createModel, exportFiles } from '@nonlocal-med/models';
 *
 * await useEngine({ backend: 'wasm' });
 * const files = await exportFiles(createModel('shufflenetv2', { classes: 2, width: 0.5 }), {
 *   labels: ['healthy', 'lesion'],
 *   preprocessing: { ...defaultPreprocessing, size: [64, 64] },
 * });
 *
 * const classifier = await loadClassifier(async (name) => files[name] ?? null);
 * const image = { data: new Uint8ClampedArray(4 * 80 * 80).fill(128), width: 80, height: 80 };
 * const { labels, probabilities } = await classifier.classify(image);
 * console.log(labels.length, (probabilities[0] + probabilities[1]).toFixed(3)); // 2 1.000
 * classifier.dispose();
 * ```
 */
export function loadClassifier(source: string | URL | ReadFile): Promise<Classifier> {
  return createClassifier<DecodedPixels>(
    typeof source === 'function' ? { read: source, place: 'model' } : filesAt(source),
    (image, { values }) => levelsOfPixels(image, values),
  );
}
