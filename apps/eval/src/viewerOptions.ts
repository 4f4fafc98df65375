/** The options of `viewer`. */
import type { Command } from 'commander';
import { type Backend, engineOption } from './options.js';

/** Parsed command-line options of `viewer`. */
export interface ViewerOptions {
  readonly out?: string;
  readonly title?: string;
  readonly half?: true;
  readonly measure?: string[];
  readonly engine?: Backend;
  readonly json?: true;
}

/** Adds the arguments and options of `viewer` to its command. */
export function addViewerOptions(command: Command): Command {
  return command
    .description(
      'Write one self-contained HTML page that applies a trained model to images in the browser: probabilities, decisions at the operating points, saliency maps. It opens from disk without a network, and no image leaves the computer.',
    )
    .argument('<model>', 'folder of a run, or of an exported model')
    .option(
      '--out <file>',
      'file to write, or a folder for viewer.html; default: viewer.html in the folder of the model',
    )
    .option('--title <text>', 'title of the page; default: the model and its training data')
    .option(
      '--half',
      'store the weights with 16 bits: half the size; the change in probabilities is measured and written into the page',
    )
    .option(
      '--measure <image...>',
      'images on which that change is measured: files, folders, patterns or manifests; default: 16 generated images',
    )
    .addOption(engineOption('auto'))
    .option('--json', 'print JSON');
}
