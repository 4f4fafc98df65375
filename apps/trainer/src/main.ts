import { InputError, unknownName } from '@nonlocal-med/core';
import { type CommandContext, parseCommandLine, runCommand } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { dataCommand } from './commands/dataCommand.js';
import {
  addDemonstrationOptions,
  demonstrate,
  type DemonstrateOptions,
} from './commands/demonstrate.js';
import { experimentCommand } from './commands/experimentCommand.js';
import { modelsCommand } from './commands/modelsCommand.js';
import { resumeCommand } from './commands/resumeCommand.js';
import { trainCommand } from './commands/trainCommand.js';

await runCommand((context) => parseCommandLine(createProgram(context), process.argv));

function createProgram(context: CommandContext): Command {
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
    .action((options: DemonstrateOptions, { args: [name], commands }: Command) => {
      if (name === undefined) return demonstrate(options, context);
      const known = commands.map((command) => command.name());
      throw new InputError(unknownName({ path: 'trainer', kind: 'command', name, known }));
    });
  for (const command of [
    trainCommand,
    resumeCommand,
    experimentCommand,
    dataCommand,
    modelsCommand,
  ])
    program.addCommand(command(context));
  return program;
}
