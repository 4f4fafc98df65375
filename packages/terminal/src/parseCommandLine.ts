import { type Command, CommanderError } from 'commander';
import { exitCodes } from './exitCodes.js';

/**
 * Parses a command line and runs its command. Help and version end with 0; what cannot be parsed (an unknown command or
 * option, a missing argument) is printed by commander, with a suggestion, and ends with 2. A command may set
 * `process.exitCode` where it has an answer and the answer is bad.
 * @param argv as in `process.argv`: two entries before the first argument.
 */
export async function parseCommandLine(program: Command, argv: readonly string[]): Promise<number> {
  overrideExit(program);
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
    throw error;
  }
}

function overrideExit(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for what is possible)');
  command.commands.forEach(overrideExit);
}
