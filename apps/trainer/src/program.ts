import { InputError, unknownName } from '@nonlocal-med/core';
import type { CommandContext } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { addDemonstration, addInspectionCommands, addTrainingCommands } from './commands.js';

/** The command line of the trainer. */
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
  addDemonstration(program, context)
    // Otherwise commander would report a mistyped command as an excess argument.
    .allowExcessArguments()
    .hook('preAction', (_, { args: [name], commands, parent }) => {
      if (parent !== null || name === undefined) return;
      const known = commands.map((command) => command.name());
      throw new InputError(unknownName({ path: 'trainer', kind: 'command', name, known }));
    });
  addTrainingCommands(program, context);
  addInspectionCommands(program, context);
  return program;
}
