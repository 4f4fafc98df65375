import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { readInputFile, writeAtomic } from '@nonlocal-med/core/node';
import { recordModel } from '@nonlocal-med/models';
import { encodeOnnx, encodeSavedGraph } from '@nonlocal-med/tensor';
import { openDecision } from '../decision/openDecision.js';
import { type ExportedModel, openExportedModel } from '../inference/openExportedModel.js';
import { exportFiles, type ExportFormat, servedFolder } from './exportFormats.js';
import { goldenExample } from './goldenExample.js';
import {
  type ExportMetadata,
  exportMetadata,
  producerVersion,
  type ScaledLogits,
  scaledLogits,
} from './modelMetadata.js';
import { encodeNpy } from './npyFile.js';
import { preparationFiles, pytorchFiles, readModelOptions } from './pytorchFiles.js';

/** Options of {@link exportTrained}. */
export interface ExportTrainedOptions {
  readonly format: ExportFormat;
  /** Folder to write, missing or empty. */
  readonly out: string;
}

/** What {@link exportTrained} wrote. */
export interface TrainedExport {
  /** The file of the model. */
  readonly file: string;
  readonly bytes: number;
  readonly metadata: ExportMetadata;
}

/**
 * Exports the trained model of a run, or an exported model, to another format: the model with its normalization and
 * calibration inside, its metadata, `preprocess.py` for the other steps of preprocessing, and two generated images with
 * what the model gives for them. The same model gives the same bytes. Select a backend first (`useEngine`): the native one,
 * but for PyTorch any.
 * @param folder of a run or of an exported model
 * @throws InputError if there is no exported model, or the folder to write is not empty
 * @throws UnavailableError without native TensorFlow, but for PyTorch
 */
export async function exportTrained(
  folder: string,
  { format, out }: ExportTrainedOptions,
): Promise<TrainedExport> {
  await requireEmpty(out);
  const model = await openExportedModel(folder);
  try {
    const decision = await openDecision(model);
    const calibration = scaledLogits(decision, model);
    const metadata = exportMetadata(model, { decision, calibration });
    const content = await modelFiles(format, { model, metadata, calibration });
    const { golden, input, images } = await goldenExample(model, decision);
    const beside =
      format === 'saved-model' ? join(out, servedFolder.version, servedFolder.extra) : out;
    await mkdir(beside, { recursive: true });
    const accompanying = {
      ...(await preparationFiles(metadata)),
      ...images,
      [exportFiles.goldenInput]: encodeNpy(input),
      [exportFiles.golden]: `${JSON.stringify(golden, null, 2)}\n`,
    };
    for (const [name, bytes] of Object.entries(accompanying))
      await writeAtomic(join(beside, name), bytes);
    for (const [name, bytes] of Object.entries(content)) await writeAtomic(join(out, name), bytes);
    const [[name, bytes]] = Object.entries(content);
    return { file: join(out, name), bytes: bytes.length, metadata };
  } finally {
    model.dispose();
  }
}

/** What {@link modelFiles} needs. */
interface Exported {
  readonly model: ExportedModel;
  readonly metadata: ExportMetadata;
  readonly calibration: ScaledLogits | null;
}

/** The files of the model itself by their path in the folder, the most important one first. */
async function modelFiles(
  format: ExportFormat,
  { model, metadata, calibration }: Exported,
): Promise<Record<string, Uint8Array | string>> {
  if (format === 'pytorch')
    return {
      ...(await pytorchFiles({ ...model, options: await readModelOptions(model) })),
      [exportFiles.weights]: await readInputFile(
        join(model.modelFolder, exportFiles.weights),
        'export a whole folder of a model, which has this file',
      ),
    };
  const graph = recordModel(model.logits, {
    task: model.task,
    ...(calibration === null ? {} : { calibration }),
  });
  if (format === 'saved-model')
    return { [join(servedFolder.version, exportFiles.savedModel)]: encodeSavedGraph(graph) };
  const options = {
    name: model.name,
    producerVersion: producerVersion(),
    metadata: texts(metadata),
  };
  return { [exportFiles.onnx]: encodeOnnx(graph, options) };
}

/** Metadata as texts: lists and objects as JSON. */
const texts = (metadata: ExportMetadata): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new InputError(
      {
        path: '--out',
        message: `"${folder}" cannot be used (${error.code})`,
        hint: 'another folder',
      },
      { cause: error },
    );
  });
  if (names.length > 0)
    throw new InputError({
      path: '--out',
      message: `"${folder}" is not empty: it contains ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`,
      hint: 'another folder, or remove it first',
    });
}
