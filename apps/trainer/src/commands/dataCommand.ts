import { describeDataset } from '@nonlocal-med/data';
import {
  findShortcuts,
  openRunDataset,
  parseRunConfig,
  runSplitOptions,
} from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  exitCodes,
} from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { readOptions, type TrainingOptions } from '../options/readOptions.js';
import { addTrainingFlags } from '../options/trainingFlags.js';
import { datasetText } from '../output/datasetText.js';

/** `data check`: contents and problems of a data set, and its split. */
export function dataCommand({ signal }: CommandContext): Command {
  const check = new Command('check').description(
    'Check every image and label of a data set, and show the split that training would use. Exits with code 2 if training would fail.',
  );
  addTrainingFlags(check, { sections: ['data', 'split', 'seed'] })
    .option('--json', 'print JSON')
    .action(async (options: TrainingOptions & { json?: true }) => {
      const config = parseRunConfig(await readOptions(options));
      const display = createProgressDisplay();
      const dataset = await openRunDataset(config.data, {
        signal,
        onProgress: (done, total) => display.stage('checking images', done, total),
      });
      const description = describeDataset(dataset, runSplitOptions(config, dataset));
      const shortcuts = findShortcuts(dataset);
      if (options.json !== undefined)
        emitJson({ ...description, ...(shortcuts === undefined ? {} : { shortcuts }) });
      else process.stdout.write(`${datasetText(description, shortcuts)}\n`);
      if ('issues' in description.split) process.exitCode = exitCodes.wrongInput;
    });
  return new Command('data').description('Inspect a data set.').addCommand(check);
}
