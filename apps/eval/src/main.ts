import { type CommandContext, parseCommandLine, runCommand } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { compareCommand } from './commands/compareCommand.js';
import { evaluateCommand } from './commands/evaluateCommand.js';
import { explainCommand } from './commands/explainCommand.js';
import { figureCommand } from './commands/figureCommand.js';
import { predictCommand } from './commands/predictCommand.js';
import { reportCommand } from './commands/reportCommand.js';

await runCommand((context) => parseCommandLine(createProgram(context), process.argv));

function createProgram(context: CommandContext): Command {
  const program = new Command('eval')
    .description(
      'Evaluate, compare and explain trained models, apply them to images, and write reports.',
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
  return program;
}
