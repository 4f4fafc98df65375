import { join } from 'node:path';
import { InputError, type Preprocessing, schemaIssues, type Task } from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { preprocessingSchema } from '@nonlocal-med/data/image';
import { modelMetadata } from '@nonlocal-med/models';
import { folderHandler } from '@nonlocal-med/models/node';
import { runFiles } from '@nonlocal-med/runs';
import {
  type LayersModel,
  loadLayersModel,
  model as layersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import { upgradeOptions } from '../config/renamedOptions.js';

/** A model that a run exported, with everything needed to apply it to image files. */
export interface ExportedModel {
  /** Folder that was opened: of the run, or of the exported model. */
  readonly folder: string;
  /** Folder of the exported model itself, with model.json and weights.bin. */
  readonly modelFolder: string;
  /** From RGB values 0..255 at the size of the model, [batch, height, width, 3], to logits [batch, classes]. */
  readonly logits: LayersModel;
  /** Whether it tells one of several classes, or several findings. */
  readonly task: Task;
  /** Names of the classes, or of the findings. */
  readonly labels: readonly string[];
  /** How an image is prepared for the network. */
  readonly preprocessing: Preprocessing;
  readonly name: string;
  dispose(): void;
}

/**
 * Opens an exported model, or the one in the folder of a run. Select a backend first (`useEngine`); the caller disposes
 * the model.
 * @throws InputError if there is no exported model, it cannot be loaded, or its metadata lacks the classes or the
 * preprocessing or contradicts the model.
 * @example
 * ```ts no-run
 * import { useEngine } from '@nonlocal-med/engine';
 * import { openExportedModel, predictImages } from '@nonlocal-med/pipeline';
 *
 * await useEngine();
 * const model = await openExportedModel('runs/first');
 * const { probabilities } = await predictImages(model, ['a.png', 'b.png']);
 * for (const [index, name] of model.labels.entries()) console.log(name, probabilities[index]); // of a.png
 * model.dispose();
 * ```
 */
export async function openExportedModel(folder: string): Promise<ExportedModel> {
  const place = (await hasModel(folder)) ? folder : join(folder, runFiles.model);
  if (!(await hasModel(place)))
    throw new InputError({
      path: folder,
      message: 'does not contain an exported model',
      hint: 'a folder with model.json, or the folder of a trained run',
    });
  const file = join(place, 'model.json');
  const model = await loadModel(place, file);
  try {
    return {
      folder,
      modelFolder: place,
      logits: layersModel({ inputs: model.inputs, outputs: logitsOf(model) }),
      ...checkedMetadata(model, file),
      dispose: () => void model.dispose(),
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Loads a model; what TF.js says about a file that is damaged or not one of ours becomes an InputError. */
async function loadModel(place: string, file: string): Promise<LayersModel> {
  try {
    return await loadLayersModel(folderHandler(place));
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [reason] = (error as Error).message.split('\n');
    throw new InputError(
      { path: file, message: `cannot be loaded: ${reason}`, hint: 'a model that a run exported' },
      { cause: error },
    );
  }
}

/** What the metadata of a model says, checked: the file may come from somebody else. */
function checkedMetadata(
  model: LayersModel,
  file: string,
): Pick<ExportedModel, 'task' | 'labels' | 'preprocessing' | 'name'> {
  const metadata = modelMetadata(model);
  if (metadata?.labels === undefined || metadata.preprocessing === undefined)
    throw new InputError({
      path: file,
      message: 'does not contain the classes of the model and how images are prepared for it',
      hint: 'a model that a run exported',
    });
  const outputs = model.outputs[0].shape.at(-1);
  const checked = metadataSchema.safeParse(metadata);
  if (!checked.success)
    throw new InputError(
      schemaIssues(checked.error, {
        schema: metadataSchema,
        input: metadata,
        path: `${file}: userDefinedMetadata`,
        separator: '.',
      }),
    );
  const { labels, task = 'multiclass' } = checked.data;
  if (labels.length !== outputs)
    throw new InputError({
      path: file,
      message: `names ${labels.length} classes, but the model has ${outputs} outputs`,
      hint: 'a model that a run exported',
    });
  return {
    task,
    labels,
    preprocessing: checked.data.preprocessing,
    name: metadata.model,
  };
}

const metadataSchema = z.looseObject({
  task: z.enum(['multiclass', 'multilabel']).optional(),
  labels: z
    .array(z.string().min(1))
    .min(1)
    .refine((labels) => new Set(labels).size === labels.length, 'a name occurs twice'),
  preprocessing: z
    .looseObject({})
    .transform((given): unknown => upgradePreprocessing(given as unknown as Preprocessing))
    .pipe(preprocessingSchema),
});

const hasModel = (folder: string): Promise<boolean> => fileExists(join(folder, 'model.json'));

/** Models exported by version 0.0 have former names of options in their metadata, and no fit. */
function upgradePreprocessing(preprocessing: Preprocessing): Preprocessing {
  const { options } = upgradeOptions({ preprocessing });
  return { fit: 'stretch', ...(options.preprocessing as Preprocessing) };
}

/** The input of the softmax or sigmoid at the end of an exported model. */
function logitsOf(model: LayersModel): SymbolicTensor {
  const probabilities = model.layers.at(-1)!;
  return probabilities.input as SymbolicTensor;
}

/** Preprocessing that ends with values 0..255: an exported model normalizes them itself. */
export function withoutNormalization(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
}
