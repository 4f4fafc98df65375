import { basename } from 'node:path';
import { resumeRun } from '@nonlocal-med/pipeline';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import { createRunDisplay } from '../output/runDisplay.js';
import { showOutcome } from '../output/showOutcome.js';

/** `resume`: continues an interrupted run to the same end. */
export function resumeCommand({ signal }: CommandContext) {
  return async (run: string, options: { readonly json?: true }): Promise<void> => {
    const folder = resolveUserPath(run);
    const outcome = await resumeRun({
      folder,
      signal,
      ...createRunDisplay({ json: options.json, label: basename(folder) }),
    });
    await showOutcome(outcome, options);
  };
}
