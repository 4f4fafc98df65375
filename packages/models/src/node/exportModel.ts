import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExportOptions } from '../export/exportableModel.js';
import { exportFiles } from '../export/exportFiles.js';

/**
 * Writes a trained model for its users: see {@link exportFiles}. Each file appears whole or not at all, `model.json` last.
 * @throws InputError when labels or size do not fit the model
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
