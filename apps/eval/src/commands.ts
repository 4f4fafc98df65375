import { type CommandContext, lazily } from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import { addCompareOptions } from './compareOptions.js';
import { addEvaluateOptions } from './evaluateOptions.js';
import { addExplainOptions } from './explainOptions.js';
import { addExportOptions, addVerifyOptions } from './exportOptions.js';
import { addFigureOptions } from './figureOptions.js';
import { addPredictOptions } from './predictOptions.js';
import { addReportOptions } from './reportOptions.js';
import { addViewerOptions } from './viewerOptions.js';

/** Adds the commands on trained models. What a command does is loaded when it runs, so that help needs neither TF.js nor a decoder. */
export function addEvaluationCommands(program: Command, context: CommandContext): void {
  addEvaluateOptions(program.command('evaluate')).action(
    lazily(context, async () => (await import('./commands/evaluateCommand.js')).evaluateCommand),
  );
  addPredictOptions(program.command('predict')).action(
    lazily(context, async () => (await import('./commands/predictCommand.js')).predictCommand),
  );
  addExplainOptions(program.command('explain')).action(
    lazily(context, async () => (await import('./commands/explainCommand.js')).explainCommand),
  );
  addFigureOptions(program.command('figure')).action(
    lazily(context, async () => (await import('./commands/figureCommand.js')).figureCommand),
  );
  addCompareOptions(program.command('compare')).action(
    lazily(context, async () => (await import('./commands/compareCommand.js')).compareCommand),
  );
  addReportOptions(program.command('report')).action(
    lazily(context, async () => (await import('./commands/reportCommand.js')).reportCommand),
  );
  addExportOptions(program.command('export')).action(
    lazily(context, async () => (await import('./commands/exportCommand.js')).exportCommand),
  );
  addVerifyOptions(program.command('verify')).action(
    lazily(context, async () => (await import('./commands/verifyCommand.js')).verifyCommand),
  );
  addViewerOptions(program.command('viewer')).action(
    lazily(context, async () => (await import('./commands/viewerCommand.js')).viewerCommand),
  );
}
