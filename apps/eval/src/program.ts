import type { CommandContext } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { addEvaluationCommands } from './commands.js';

/** The command line of eval. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('eval')
    .description(
      'Evaluate, compare, explain and export trained models, apply them to images, and write reports.',
    )
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted.');
  addEvaluationCommands(program, context);
  return program;
}
