import { join } from 'node:path';
import { demonstrationConfig, demonstrationModels, runDemonstration } from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  emitJson,
  formatDuration,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import { readNumber } from '../options/readNumber.js';
import { demonstrationTable } from '../output/demonstrationTable.js';
import { createRunDisplay } from '../output/runDisplay.js';
import { writePage } from '../output/writePage.js';

/** What commander reads. */
export interface DemonstrateOptions {
  readonly out?: string;
  readonly seed: number;
  readonly images: number;
  readonly size: number;
  readonly epochs: number;
  readonly engine: 'auto' | 'native' | 'wasm';
  readonly json?: true;
}

/** The options of the program when it is called without a command. */
export function demonstrationOptions(program: Command): Command {
  return program
    .option('--out <folder>', 'where the two runs go; default: runs/demonstration-<time>')
    .option('--seed <number>', 'selects images, split, order and initial weights', readNumber, 0)
    .option('--images <count>', 'images to draw; 4 in 10 are tested on', readNumber, 1000)
    .option('--size <pixels>', 'height and width of the images', readNumber, 96)
    .option('--epochs <count>', 'passes over the training images', readNumber, 4)
    .option('--engine <auto|native|wasm>', 'where the numbers run', 'auto')
    .option('--json', 'print events and result as JSON lines');
}

/** Trains the baseline and the method on embedded images, and prints them side by side. */
export async function demonstrate(
  { out, json, ...options }: DemonstrateOptions,
  { signal }: CommandContext,
): Promise<void> {
  const folder = resolveUserPath(out ?? join('runs', `demonstration-${timestamp(new Date())}`));
  const began = performance.now();
  demonstrationConfig(demonstrationModels[0], options);
  if (json === undefined)
    process.stderr.write(
      `Tiny lesions: ${options.images} drawn fundus images, 6 in 10 to learn from; the grade is the number of dots 1.5 to 4 pixels wide.\n`,
    );
  const result = await runDemonstration({
    folder,
    ...options,
    signal,
    listener: (model) =>
      createRunDisplay({
        json,
        label: model,
        number: demonstrationModels.indexOf(model as never) + 1,
        of: demonstrationModels.length,
      }),
  });
  const page = { runs: result.runs.map((run) => run.folder), file: join(folder, 'report.html') };
  if (json !== undefined) {
    if (result.comparison !== undefined) await writePage(page, { json });
    return emitJson({ type: 'result', ...result });
  }
  if (result.comparison === undefined)
    return void process.stderr.write(
      `Interrupted; a checkpoint is written. Go on with this model with: resume ${result.runs.at(-1)!.folder}\n`,
    );
  process.stdout.write(
    `\n${demonstrationTable(result)}\n\nTook ${formatDuration((performance.now() - began) / 1000)}. Runs: ${folder}\n`,
  );
  await writePage(page, {});
}

const timestamp = (date: Date): string =>
  date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
