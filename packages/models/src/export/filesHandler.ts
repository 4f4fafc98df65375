import { InputError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';

/** Reads a file of a model by its name, wherever the model is stored. Rejects if it cannot be read. */
export type ReadModelFile = (name: string) => Promise<Uint8Array>;

/**
 * Loads a model in TF.js's format from anywhere: `tf.loadLayersModel(filesHandler(read, place))`. Its layers are known once this
 * package is imported. Weights that are cut off or not finite are refused.
 * @param place names the folder or address of the model in errors
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { createModel, exportFiles, filesHandler } from '@nonlocal-med/models';
 * import { loadLayersModel } from '@tensorflow/tfjs-layers';
 * import { defaultPreprocessing } from '@nonlocal-med/core';
 *
 * await useEngine({ backend: 'wasm' });
 * const files = await exportFiles(createModel('shufflenetv2', { classes: 2, width: 0.5 }), {
 *   preprocessing: { ...defaultPreprocessing, size: [64, 64] },
 *   labels: ['healthy', 'lesion'],
 * });
 * const model = await loadLayersModel(filesHandler(async (name) => files[name], 'memory'));
 * console.log(model.inputs[0].shape); // [ null, 64, 64, 3 ]
 * ```
 */
export function filesHandler(
  read: ReadModelFile,
  place: string,
): Required<Pick<tf.io.IOHandler, 'load'>> {
  return { load: () => loadFiles(read, place) };
}

/** The artifacts of a model from its files. @throws InputError when they are not those of a model or damaged */
async function loadFiles(read: ReadModelFile, place: string): Promise<tf.io.ModelArtifacts> {
  const file = inside(place, 'model.json');
  const json = parseModel(await read('model.json'), file);
  const specs = json.weightsManifest.flatMap(({ weights }) => weights);
  const shards: Uint8Array[] = [];
  for (const path of json.weightsManifest.flatMap(({ paths }) => paths)) {
    if (typeof path !== 'string' || path === '' || path === '..' || /[\\/]/.test(path))
      throw new InputError({
        path: file,
        message: `refers to the weights ${JSON.stringify(path)}`,
        hint: 'files in the same folder',
      });
    shards.push(await read(path));
  }
  const weights = joined(shards);
  checkWeights(weights, { specs, file: inside(place, 'weights.bin') });
  return tf.io.getModelArtifactsForJSONSync(json, specs, weights.buffer);
}

const inside = (place: string, name: string): string => `${place.replace(/\/$/, '')}/${name}`;

/** A copy of the parts in one buffer, which may come from a larger one. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/**
 * Refuses weights that are cut off or not numbers: a model with a NaN predicts something all the same. Weights of other types
 * than float32, which we do not export, are left to TF.js.
 * @throws InputError
 */
function checkWeights(
  bytes: Uint8Array<ArrayBuffer>,
  { specs, file }: { readonly specs: readonly tf.io.WeightsManifestEntry[]; readonly file: string },
): void {
  if (specs.some(({ dtype, quantization }) => dtype !== 'float32' || quantization !== undefined))
    return;
  const expected = 4 * specs.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape), 0);
  if (bytes.length !== expected)
    throw new InputError({
      path: file,
      message: `has ${bytes.length} bytes, but model.json describes weights of ${expected}`,
      hint: 'copy the whole folder of the model again',
    });
  const broken = new Float32Array(bytes.buffer).find((value) => !Number.isFinite(value));
  if (broken !== undefined)
    throw new InputError({
      path: file,
      message: `holds ${broken} among its weights`,
      hint: 'a model whose training did not diverge',
    });
}

function parseModel(bytes: Uint8Array, file: string): tf.io.ModelJSON {
  let json: Partial<tf.io.ModelJSON> | undefined;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes)) as Partial<tf.io.ModelJSON>;
  } catch (error) {
    throw new InputError({ path: file, message: `is not JSON: ${(error as Error).message}` });
  }
  const complete =
    json?.modelTopology !== undefined &&
    Array.isArray(json.weightsManifest) &&
    json.weightsManifest.every(
      (group) => Array.isArray(group?.paths) && Array.isArray(group.weights),
    );
  if (!complete)
    throw new InputError({
      path: file,
      message: 'is not a TF.js layers model',
      hint: 'modelTopology and weightsManifest',
    });
  return json as tf.io.ModelJSON;
}
