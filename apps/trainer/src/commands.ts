import { type CommandContext, lazily } from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import {
  addDemonstrationOptions,
  type DemonstrationOptions,
} from './options/demonstrationOptions.js';
import { addExperimentOptions } from './options/experimentOptions.js';
import {
  addCheckOptions,
  addLearningRateOptions,
  addModelsOptions,
  addOptionsOptions,
  addPreviewOptions,
} from './options/inspectOptions.js';
import { addResumeOptions, addTrainOptions } from './options/runOptions.js';

/** Adds the commands that train. What a command does is loaded when it runs, so that help needs neither TF.js nor a decoder. */
export function addTrainingCommands(program: Command, context: CommandContext): void {
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
}

/** Adds the commands that show data sets, models and options. */
export function addInspectionCommands(program: Command, context: CommandContext): void {
  const data = program.command('data').description('Inspect a data set.');
  addCheckOptions(data.command('check')).action(
    lazily(context, async () => (await import('./commands/dataCommand.js')).checkCommand),
  );
  addPreviewOptions(data.command('preview')).action(
    lazily(context, async () => (await import('./commands/dataCommand.js')).previewCommand),
  );
  addLearningRateOptions(program.command('learning-rate')).action(
    lazily(
      context,
      async () => (await import('./commands/learningRateCommand.js')).learningRateCommand,
    ),
  );
  addModelsOptions(program.command('models')).action(
    lazily(context, async () => (await import('./commands/modelsCommand.js')).modelsCommand),
  );
  addOptionsOptions(program.command('options')).action(
    lazily(context, async () => (await import('./commands/optionsCommand.js')).optionsCommand),
  );
}

/** Makes a command run the demonstration, and adds its options. */
export function addDemonstration(command: Command, context: CommandContext): Command {
  return addDemonstrationOptions(command).action(async (options: DemonstrationOptions) =>
    (await import('./commands/demonstrate.js')).demonstrate(options, context),
  );
}
