import { basename } from 'node:path';
import { checkMoreEpochs, readRunConfig, resumeRun } from '@nonlocal-med/pipeline';
import { openRunFolder } from '@nonlocal-med/runs';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import type { ResumeOptions } from '../options/runOptions.js';
import { createRunDisplay } from '../output/runDisplay.js';
import { showOutcome } from '../output/showOutcome.js';
import { requestedOptions, submitRun } from '../slurm/submitRun.js';

/** `resume`: continues an interrupted run to the same end, or a finished one to more epochs. */
export function resumeCommand({ signal }: CommandContext) {
  return async (run: string, options: ResumeOptions): Promise<void> => {
    const folder = resolveUserPath(run);
    const slurm = requestedOptions(options);
    if (slurm !== null) {
      const opened = await openRunFolder(folder);
      const config = readRunConfig(opened);
      if (options.epochs !== undefined) await checkMoreEpochs(opened, config, options.epochs);
      return submitRun({ ...options, folder, config, options: slurm, signal });
    }
    const outcome = await resumeRun({
      folder,
      signal,
      epochs: options.epochs,
      ...createRunDisplay({ json: options.json, label: basename(folder) }),
    });
    await showOutcome(outcome, options);
  };
}
