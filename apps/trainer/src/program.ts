import { InputError, suggestName } from '@nonlocal-med/core';
import { type CommandContext, parseCommandLine } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { dataCommand } from './commands/dataCommand.js';
import {
  demonstrate,
  type DemonstrateOptions,
  demonstrationOptions,
} from './commands/demonstrate.js';
import { experimentCommand } from './commands/experimentCommand.js';
import { modelsCommand } from './commands/modelsCommand.js';
import { resumeCommand } from './commands/resumeCommand.js';
import { trainCommand } from './commands/trainCommand.js';

/** Runs the command line; the result is the exit code. */
export function runProgram(argv: readonly string[], context: CommandContext): Promise<number> {
  const program = new Command('trainer')
    .description(
      'Trains image classifiers that must see tiny lesions. Without a command: a demonstration on embedded images.',
    )
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted with a checkpoint written.',
    );
  demonstrationOptions(program)
    .allowExcessArguments()
    .action((options: DemonstrateOptions, { args, commands }: Command) => {
      if (args.length > 0)
        throw unknownCommand(
          args[0],
          commands.map((command) => command.name()),
        );
      return demonstrate(options, context);
    });
  for (const command of [
    trainCommand,
    resumeCommand,
    experimentCommand,
    dataCommand,
    modelsCommand,
  ])
    program.addCommand(command(context));
  return parseCommandLine(program, argv);
}

/** A first word that is no command would otherwise start the demonstration. */
function unknownCommand(name: string, known: readonly string[]): InputError {
  const near = suggestName(name, known);
  return new InputError({
    path: 'trainer',
    message: `unknown command "${name}"`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${known.join(', ')}`,
  });
}
