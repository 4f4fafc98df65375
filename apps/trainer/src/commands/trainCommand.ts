import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { readOptions, type TrainingOptions } from '../options/readOptions.js';
import { addTrainingFlags } from '../options/trainingFlags.js';
import { createRunDisplay } from '../output/runDisplay.js';
import { showOutcome } from '../output/showOutcome.js';

/** `train`: one run on images from disk. */
export function trainCommand({ signal }: CommandContext): Command {
  const command = new Command('train').description(
    'Train a model on a folder or a CSV manifest of images, test it, and export it.',
  );
  return addTrainingFlags(command)
    .requiredOption('--out <folder>', 'folder of the run; new or empty')
    .option('--json', 'print events and result as JSON lines')
    .addHelpText(
      'after',
      '\nEvery option of a run can also be set with --set path=value, or in a YAML file\nfor --config, such as the config.yaml of another run. Flags override the file.',
    )
    .action(async (options: TrainingOptions & { out: string; json?: true }) => {
      const config = parseRunConfig(await readOptions(options));
      const display = createRunDisplay({ json: options.json, label: config.model.name });
      const outcome = await startRun(config, {
        folder: resolveUserPath(options.out),
        signal,
        ...display,
      });
      await showOutcome(outcome, options);
    });
}
