import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { Decision } from '@nonlocal-med/metrics';
import type { ResolvedModelOptions } from '@nonlocal-med/models';
import { exportFiles } from './exportFormats.js';
import { type DescribedModel, exportMetadata, producerVersion } from './modelMetadata.js';
import { readPythonFile } from './pythonFile.js';
import { pytorchModel } from './pytorchModel.js';

/**
 * Adds to the folder of an exported model what applies it in Python beside `weights.safetensors`: `model.py`, `predict.py`,
 * `preprocess.py` and `metadata.json`.
 */
export async function writePythonFiles(
  folder: string,
  {
    options,
    decision,
    ...described
  }: DescribedModel & {
    readonly options: ResolvedModelOptions;
    readonly decision: Decision | null;
  },
): Promise<void> {
  const { mean, std } = described.preprocessing;
  const producer = `nonlocal-med ${producerVersion()}`;
  const files = {
    [exportFiles.pytorch]: await pytorchModel({
      name: described.name,
      options,
      mean,
      std,
      producer,
    }),
    [exportFiles.predict]: await readPythonFile(exportFiles.predict),
    [exportFiles.preprocess]: await readPythonFile(exportFiles.preprocess),
    [exportFiles.metadata]: `${JSON.stringify(exportMetadata(described, decision), null, 2)}\n`,
  };
  for (const [name, content] of Object.entries(files))
    await writeAtomic(join(folder, name), content);
}
