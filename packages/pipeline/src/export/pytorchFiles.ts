import { join } from 'node:path';
import { InputError, schemaIssues } from '@nonlocal-med/core';
import { readInputFile, writeAtomic } from '@nonlocal-med/core/node';
import type { Decision } from '@nonlocal-med/metrics';
import { modelOptionsSchema, type ResolvedModelOptions } from '@nonlocal-med/models';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { exportFiles } from './exportFormats.js';
import {
  type DescribedModel,
  type ExportMetadata,
  exportMetadata,
  producerVersion,
  scaledLogits,
} from './modelMetadata.js';
import { readPythonFile } from './pythonFile.js';
import { pytorchModel } from './pytorchModel.js';

/** A model whose options are known. */
type ModelWithOptions = DescribedModel & { readonly options: ResolvedModelOptions };

/**
 * Adds to the folder of an exported model what applies it in Python beside `weights.safetensors`: `model.py`, `predict.py`,
 * `read_image.py`, `preprocess.py` and `metadata.json`.
 */
export async function writePythonFiles(
  folder: string,
  { decision, ...model }: ModelWithOptions & { readonly decision: Decision | null },
): Promise<void> {
  const calibration = scaledLogits(decision, model);
  const files = {
    ...(await pytorchFiles(model)),
    ...(await preparationFiles(exportMetadata(model, { decision, calibration }))),
  };
  for (const [name, content] of Object.entries(files))
    await writeAtomic(join(folder, name), content);
}

/** What every export has for Python, by name: the metadata, and the programs that read and prepare images. */
export const preparationFiles = async (
  metadata: ExportMetadata,
): Promise<Record<string, string>> => ({
  [exportFiles.metadata]: `${JSON.stringify(metadata, null, 2)}\n`,
  [exportFiles.readImage]: await readPythonFile(exportFiles.readImage),
  [exportFiles.preprocess]: await readPythonFile(exportFiles.preprocess),
});

/** The PyTorch module of a model, and the program that predicts images with it, by name; the module first. */
export async function pytorchFiles({
  name,
  options,
  preprocessing: { mean, std },
}: ModelWithOptions): Promise<Record<string, string>> {
  const producer = `nonlocal-med ${producerVersion()}`;
  return {
    [exportFiles.pytorch]: await pytorchModel({ name, options, mean, std, producer }),
    [exportFiles.predict]: await readPythonFile(exportFiles.predict),
  };
}

/**
 * The options of an exported model.
 * @throws InputError if they are not those of a model of this project: they become source code
 */
export async function readModelOptions({
  modelFolder,
  name,
}: ExportedModel): Promise<ResolvedModelOptions> {
  const path = join(modelFolder, 'model.json');
  const text = new TextDecoder().decode(await readInputFile(path));
  const { options } = (JSON.parse(text) as { userDefinedMetadata: { options: unknown } })
    .userDefinedMetadata;
  const schema = modelOptionsSchema(name);
  const checked = schema.safeParse(options);
  if (!checked.success)
    throw new InputError(schemaIssues(checked.error, { schema, input: options, path }));
  return checked.data as ResolvedModelOptions;
}
