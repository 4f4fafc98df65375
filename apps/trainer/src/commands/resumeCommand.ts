import { basename } from 'node:path';
import { resumeRun } from '@nonlocal-med/pipeline';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { createRunDisplay } from '../output/runDisplay.js';
import { showOutcome } from '../output/showOutcome.js';

/** `resume`: continues an interrupted run to the same end. */
export function resumeCommand({ signal }: CommandContext): Command {
  return new Command('resume')
    .description(
      'Resume a run that was stopped or killed. It ends with the same weights as an uninterrupted run.',
    )
    .argument('<run>', 'folder of the run')
    .option('--json', 'print events and result as JSON lines')
    .action(async (run: string, options: { json?: true }) => {
      const folder = resolveUserPath(run);
      const outcome = await resumeRun({
        folder,
        signal,
        ...createRunDisplay({ json: options.json, label: basename(folder) }),
      });
      await showOutcome(outcome, options);
    });
}
