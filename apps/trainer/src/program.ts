import { InputError, unknownName } from '@nonlocal-med/core';
import { type CommandContext, lazily } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import {
  addDemonstrationOptions,
  type DemonstrationOptions,
} from './options/demonstrationOptions.js';
import { addExperimentOptions } from './options/experimentOptions.js';
import {
  addCheckOptions,
  addModelsOptions,
  addOptionsOptions,
  addPreviewOptions,
} from './options/inspectOptions.js';
import { addResumeOptions, addTrainOptions } from './options/runOptions.js';

/** The command line. What a command does is loaded when it runs, so that help needs neither TF.js nor a decoder. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('trainer')
    .description(
      'Train image classifiers for lesions that are only a few pixels wide. Without a command, run a demonstration on built-in synthetic images.',
    )
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted (checkpoint saved).',
    );
  addDemonstrationOptions(program)
    // Otherwise commander would report a mistyped command as an excess argument.
    .allowExcessArguments()
    .action(async (options: DemonstrationOptions, { args: [name], commands }: Command) => {
      if (name === undefined)
        return (await import('./commands/demonstrate.js')).demonstrate(options, context);
      const known = commands.map((command) => command.name());
      throw new InputError(unknownName({ path: 'trainer', kind: 'command', name, known }));
    });
  addTrainOptions(program.command('train')).action(
    lazily(context, async () => (await import('./commands/trainCommand.js')).trainCommand),
  );
  addResumeOptions(program.command('resume')).action(
    lazily(context, async () => (await import('./commands/resumeCommand.js')).resumeCommand),
  );
  addExperimentOptions(program.command('experiment')).action(
    lazily(
      context,
      async () => (await import('./commands/experimentCommand.js')).experimentCommand,
    ),
  );
  const data = program.command('data').description('Inspect a data set.');
  addCheckOptions(data.command('check')).action(
    lazily(context, async () => (await import('./commands/dataCommand.js')).checkCommand),
  );
  addPreviewOptions(data.command('preview')).action(
    lazily(context, async () => (await import('./commands/dataCommand.js')).previewCommand),
  );
  addModelsOptions(program.command('models')).action(
    lazily(context, async () => (await import('./commands/modelsCommand.js')).modelsCommand),
  );
  addOptionsOptions(program.command('options')).action(
    lazily(context, async () => (await import('./commands/optionsCommand.js')).optionsCommand),
  );
  return program;
}
