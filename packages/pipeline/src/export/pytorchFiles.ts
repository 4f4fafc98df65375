import { join } from 'node:path';
import { InputError, schemaIssues } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { modelOptionsSchema, type ResolvedModelOptions } from '@nonlocal-med/models';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { exportFiles } from './exportFormats.js';
import { producerVersion } from './modelMetadata.js';
import type { PytorchModel } from './pytorchModel.js';

/**
 * What a model is made of, for {@link pytorchModel}.
 * @throws InputError if its options are not those of a model of this project: they become source code
 */
export async function describePytorchModel({
  modelFolder,
  name,
  preprocessing,
}: ExportedModel): Promise<PytorchModel> {
  const path = join(modelFolder, 'model.json');
  const { userDefinedMetadata } = JSON.parse(
    new TextDecoder().decode(await readRegularFile(path)),
  ) as { userDefinedMetadata: { options: unknown } };
  const schema = modelOptionsSchema(name);
  const checked = schema.safeParse(userDefinedMetadata.options);
  if (!checked.success)
    throw new InputError(
      schemaIssues(checked.error, { schema, input: userDefinedMetadata.options, path }),
    );
  const { mean, std } = preprocessing;
  const options = checked.data as ResolvedModelOptions;
  return { name, options, mean, std, producer: `nonlocal-med ${producerVersion()}` };
}

/**
 * The weights of an exported model with the names of PyTorch.
 * @throws InputError if the model was exported without them
 */
export async function readWeights({ modelFolder }: ExportedModel): Promise<Uint8Array> {
  const file = join(modelFolder, exportFiles.weights);
  try {
    return await readRegularFile(file);
  } catch (error) {
    throw new InputError(
      {
        path: file,
        message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        hint: 'export a whole folder of a model, which has this file',
      },
      { cause: error },
    );
  }
}
