import { writeSafetensors } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { stateDict } from '../weights/stateDict.js';
import { exportableModel, type ExportOptions } from './exportableModel.js';
import { modelFiles } from './modelFiles.js';

/** The files of an exported model. */
export type ExportFiles = Readonly<
  Record<'model.json' | 'weights.bin' | 'weights.safetensors', Uint8Array>
>;

/**
 * A trained model as files, for any place that can keep them: `model.json` and `weights.bin` in TF.js's own format (RGB
 * 0..255 in, probabilities out; labels, preprocessing and the model's name and options as metadata), and
 * `weights.safetensors` with PyTorch's names and layouts. The model itself is left as it was.
 * @throws InputError when labels or size do not fit the model
 */
export async function exportFiles(
  model: LayersModel,
  options: ExportOptions,
): Promise<ExportFiles> {
  const exported = exportableModel(model, options);
  try {
    const metadata = { format: 'pt', model: JSON.stringify(exported.getUserDefinedMetadata()) };
    return {
      ...(await modelFiles(exported)),
      'weights.safetensors': writeSafetensors(stateDict(exported), metadata),
    };
  } finally {
    exported.dispose();
  }
}
