/** The options of the demonstration, which runs when no command is given. */
import { parseNumber } from '@nonlocal-med/pipeline/options';
import { integerFrom } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';

/** Parsed command-line options. */
export interface DemonstrationOptions {
  readonly out?: string;
  readonly seed: number;
  readonly images: number;
  readonly size: number;
  readonly epochs: number;
  readonly engine: 'auto' | 'native' | 'wasm';
  readonly json?: true;
}

/** Adds the options that apply when the program is called without a command. */
export function addDemonstrationOptions(program: Command): Command {
  return program
    .option('--out <folder>', 'folder of the two runs; default: runs/demonstration-<time>')
    .option(
      '--seed <number>',
      'seed of images, split, order and initial weights',
      integerFrom(0),
      0,
    )
    .option('--images <count>', 'images to generate; 40 % are held out', parseNumber, 1000)
    .option('--size <pixels>', 'height and width of the images', parseNumber, 96)
    .option('--epochs <count>', 'passes over the training images', parseNumber, 4)
    .addOption(
      new Option('--engine <auto|native|wasm>', 'compute backend')
        .choices(['auto', 'native', 'wasm'])
        .default('auto'),
    )
    .option('--json', 'print events and result as JSON lines');
}
