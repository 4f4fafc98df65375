import { type CommandContext, parseCommandLine } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { compareCommand } from './commands/compareCommand.js';
import { evaluateCommand } from './commands/evaluateCommand.js';
import { explainCommand } from './commands/explainCommand.js';
import { figureCommand } from './commands/figureCommand.js';
import { predictCommand } from './commands/predictCommand.js';
import { reportCommand } from './commands/reportCommand.js';

/** Runs the command line; the result is the exit code. */
export function runProgram(argv: readonly string[], context: CommandContext): Promise<number> {
  const program = new Command('eval')
    .description(
      'Evaluates trained models, applies them to images, shows where they looked, compares them.',
    )
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted.');
  for (const command of [
    evaluateCommand,
    predictCommand,
    explainCommand,
    figureCommand,
    compareCommand,
    reportCommand,
  ])
    program.addCommand(command(context));
  return parseCommandLine(program, argv);
}
