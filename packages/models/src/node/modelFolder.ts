import { basename, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { readRegularFile, writeAtomic } from '@nonlocal-med/core/node';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExportOptions } from '../export/exportableModel.js';
import { artifactFiles, exportFiles } from '../export/exportFiles.js';

/**
 * Writes a trained model for its users, see {@link exportFiles}. Each file is written atomically, `model.json` last.
 * @throws InputError when the labels or the size do not fit the model, or the model was not created by `createModel`.
 */
export async function exportModel(
  model: LayersModel,
  folder: string,
  options: ExportOptions,
): Promise<void> {
  const files = await exportFiles(model, options);
  for (const name of ['weights.safetensors', 'weights.bin', 'model.json'] as const)
    await writeAtomic(join(folder, name), files[name]);
}

/**
 * Loads and saves models in TF.js's format in a folder, also where `file://` is not supported (without tfjs-node):
 * `tf.loadLayersModel(folderHandler(folder))`, `model.save(folderHandler(folder))`. Loading throws an InputError when a
 * file cannot be read or is not a model.
 */
export function folderHandler(folder: string): Required<Pick<tf.io.IOHandler, 'load' | 'save'>> {
  return {
    load: () => loadArtifacts(folder),
    save: (artifacts) => saveArtifacts(folder, artifacts),
  };
}

async function loadArtifacts(folder: string): Promise<tf.io.ModelArtifacts> {
  const file = join(folder, 'model.json');
  const json = parseModel(await read(file), file);
  const specs = json.weightsManifest.flatMap(({ weights }) => weights);
  const shards: Uint8Array[] = [];
  for (const path of json.weightsManifest.flatMap(({ paths }) => paths)) {
    if (typeof path !== 'string' || basename(path) !== path)
      throw new InputError({
        path: file,
        message: `refers to the weights ${JSON.stringify(path)}`,
        hint: 'files in the same folder',
      });
    shards.push(await read(join(folder, path)));
  }
  checkWeights(shards, { specs, file: join(folder, 'weights.bin') });
  return tf.io.getModelArtifactsForJSONSync(
    json,
    specs,
    shards.map(
      (shard) =>
        shard.buffer.slice(shard.byteOffset, shard.byteOffset + shard.byteLength) as ArrayBuffer,
    ),
  );
}

/**
 * Refuses weights that are cut off or not numbers: a model with a NaN predicts something all the same. Weights of other types
 * than float32, which we do not export, are left to TF.js.
 * @throws InputError
 */
function checkWeights(
  shards: readonly Uint8Array[],
  { specs, file }: { readonly specs: readonly tf.io.WeightsManifestEntry[]; readonly file: string },
): void {
  if (specs.some(({ dtype, quantization }) => dtype !== 'float32' || quantization !== undefined))
    return;
  const bytes = Buffer.concat(shards);
  const expected = 4 * specs.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape), 0);
  if (bytes.length !== expected)
    throw new InputError({
      path: file,
      message: `has ${bytes.length} bytes, but model.json describes weights of ${expected}`,
      hint: 'copy the whole folder of the model again',
    });
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + expected),
  );
  const broken = values.find((value) => !Number.isFinite(value));
  if (broken !== undefined)
    throw new InputError({
      path: file,
      message: `holds ${broken} among its weights`,
      hint: 'a model whose training did not diverge',
    });
}

async function saveArtifacts(
  folder: string,
  artifacts: tf.io.ModelArtifacts,
): Promise<tf.io.SaveResult> {
  const files = artifactFiles(artifacts);
  await writeAtomic(join(folder, 'weights.bin'), files['weights.bin']);
  await writeAtomic(join(folder, 'model.json'), files['model.json']);
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
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

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      {
        path: file,
        message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      },
      { cause: error },
    );
  }
}
