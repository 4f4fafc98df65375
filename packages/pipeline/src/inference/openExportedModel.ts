import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Preprocessing } from '@nonlocal-med/core';
import { modelMetadata } from '@nonlocal-med/models';
import { folderHandler } from '@nonlocal-med/models/node';
import { runFiles } from '@nonlocal-med/runs';
import {
  type LayersModel,
  loadLayersModel,
  model as layersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';

/** A model that a run exported, ready for images. */
export interface ExportedModel {
  /** From RGB values 0..255 at the model's size to logits. */
  readonly logits: LayersModel;
  readonly labels: readonly string[];
  /** What happens to an image before the network. */
  readonly preprocessing: Preprocessing;
  readonly name: string;
  dispose(): void;
}

/**
 * Opens an exported model, or the one in a run's folder.
 * @throws InputError when there is none, or it does not say how images are prepared for it.
 */
export async function openExportedModel(folder: string): Promise<ExportedModel> {
  const place = (await exists(join(folder, 'model.json'))) ? folder : join(folder, runFiles.model);
  if (!(await exists(join(place, 'model.json'))))
    throw new InputError({
      path: folder,
      message: 'holds no exported model',
      hint: 'a folder with model.json, or the folder of a trained run',
    });
  const model = await loadLayersModel(folderHandler(place));
  const metadata = modelMetadata(model);
  if (metadata?.labels === undefined || metadata.preprocessing === undefined) {
    model.dispose();
    throw new InputError({
      path: join(place, 'model.json'),
      message: 'does not say which classes the model has and how images are prepared for it',
      hint: 'a model that a run exported',
    });
  }
  return {
    logits: layersModel({ inputs: model.inputs, outputs: logitsOf(model) }),
    labels: metadata.labels,
    preprocessing: metadata.preprocessing,
    name: metadata.model,
    dispose: () => void model.dispose(),
  };
}

/** What the softmax at the end of an exported model is computed from. */
function logitsOf(model: LayersModel): SymbolicTensor {
  const softmax = model.layers.at(-1)!;
  return softmax.input as SymbolicTensor;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
