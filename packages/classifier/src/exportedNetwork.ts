import { InputError, type Preprocessing, schemaIssues, type Task } from '@nonlocal-med/core';
import { preprocessingSchema } from '@nonlocal-med/data/image';
import { filesHandler, modelMetadata } from '@nonlocal-med/models';
import {
  type LayersModel,
  loadLayersModel,
  model as layersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import { inFolder, type ModelSource } from './modelSource.js';

/** The network of an exported model, with everything needed to apply it to images. */
export interface ExportedNetwork {
  /** From RGB values 0..255 at the size of the model, [batch, height, width, 3], to logits [batch, labels]. */
  readonly logits: LayersModel;
  /** Whether it tells one of several classes, or several findings. */
  readonly task: Task;
  /** Names of the classes, or of the findings. */
  readonly labels: readonly string[];
  /** How an image is prepared for the network. */
  readonly preprocessing: Preprocessing;
  /** Name of the architecture. */
  readonly name: string;
  dispose(): void;
}

/**
 * Loads the network of an exported model. A TF.js backend has to be ready; the caller disposes the network.
 * @throws InputError if a file is missing or damaged, or the metadata lacks the labels or the preprocessing, contradicts the
 * model, or asks for something that is not known here.
 */
export async function loadNetwork(source: ModelSource): Promise<ExportedNetwork> {
  const file = inFolder(source, 'model.json');
  const model = await loadModel(source, file);
  try {
    return {
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
async function loadModel({ read, place }: ModelSource, file: string): Promise<LayersModel> {
  const required = async (name: string): Promise<Uint8Array> => {
    const bytes = await read(name);
    if (bytes !== null) return bytes;
    throw new InputError({
      path: inFolder({ place }, name),
      message: 'does not exist',
      hint: 'the whole folder of an exported model: `model` in the folder of a run',
    });
  };
  try {
    return await loadLayersModel(filesHandler(required, place));
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
): Pick<ExportedNetwork, 'task' | 'labels' | 'preprocessing' | 'name'> {
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
  const { labels, task = 'multiclass', preprocessing } = checked.data;
  if (labels.length !== outputs)
    throw new InputError({
      path: file,
      message: `names ${labels.length} classes, but the model has ${outputs} outputs`,
      hint: 'a model that a run exported',
    });
  return { task, labels, preprocessing, name: metadata.model };
}

const metadataSchema = z.looseObject({
  task: z.enum(['multiclass', 'multilabel']).optional(),
  labels: z
    .array(z.string().min(1))
    .min(1)
    .refine((labels) => new Set(labels).size === labels.length, 'a name occurs twice'),
  preprocessing: z.looseObject({}).transform(upgradePreprocessing).pipe(preprocessingSchema),
});

/** Models exported by version 0.0 have `deviation` instead of `std`, and no fit. */
function upgradePreprocessing({ deviation, ...preprocessing }: Record<string, unknown>): unknown {
  const former = deviation === undefined ? {} : { std: deviation };
  return { fit: 'stretch', ...former, ...preprocessing };
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
