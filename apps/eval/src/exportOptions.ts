/** The options of `export` and `verify`. */
import { type ExportFormat, exportFormats } from '@nonlocal-med/pipeline/options';
import { type Command, Option } from 'commander';
import { type Backend, engineOption } from './options.js';

/** Parsed command-line options of `export`. */
export interface ExportOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly json?: true;
}

/** Parsed command-line options of `verify`. */
export interface VerifyOptions {
  readonly engine?: Backend;
  readonly json?: true;
}

const FORMATS = Object.keys(exportFormats) as ExportFormat[];

/** Adds the arguments and options of `export` to its command. */
export function addExportOptions(command: Command): Command {
  return command
    .description(
      'Export a trained model to ONNX, as a SavedModel of TensorFlow, or as a PyTorch module, with normalization and calibration inside, and with all that is needed to use it: labels, operating points, preprocessing in Python, and images with what the model gives for them (docs/export.md).',
    )
    .argument('<model>', 'folder of a run or of an exported model')
    .addOption(
      new Option(
        `--format <${FORMATS.join('|')}>`,
        `format: ${FORMATS.map((format) => `${format}, ${exportFormats[format]}`).join('; ')}`,
      )
        .choices(FORMATS)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'folder to write, missing or empty')
    .option('--json', 'print JSON');
}

/** Adds the arguments and options of `verify` to its command. */
export function addVerifyOptions(command: Command): Command {
  return command
    .description(
      'Run what `export` wrote on the images that belong to it, and compare its outputs with those of the trained model. ONNX files need the package onnxruntime-node.',
    )
    .argument('<file>', 'model.onnx, saved_model.pb, or the folder that `export` wrote')
    .addOption(engineOption('native TensorFlow, which a SavedModel needs'))
    .option('--json', 'print JSON');
}
