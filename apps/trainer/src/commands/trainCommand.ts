import { rmdir } from 'node:fs/promises';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { requireNewFolder } from '@nonlocal-med/runs';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import { newRunFolder } from '../options/newRunFolder.js';
import { readOptions } from '../options/readOptions.js';
import type { TrainOptions } from '../options/runOptions.js';
import { createRunDisplay } from '../output/runDisplay.js';
import { showOutcome } from '../output/showOutcome.js';
import { requestedOptions, submitRun } from '../slurm/submitRun.js';
import { typedCommand } from '../slurm/taskCommand.js';

/** `train`: one run on images from disk. */
export function trainCommand({ signal }: CommandContext) {
  return async (options: TrainOptions): Promise<void> => {
    const config = parseRunConfig(await readOptions(options));
    const folder =
      options.out === undefined ? await newRunFolder(config) : resolveUserPath(options.out);
    if (options.out === undefined && options.json === undefined)
      process.stderr.write(`Run folder: ${folder}\n`);
    const slurm = requestedOptions(options);
    try {
      if (slurm !== null) {
        await requireNewFolder(folder);
        const setsThreads = config.engine.threads === undefined;
        const start = typedCommand(['--out', folder], { setsThreads });
        return await submitRun({ ...options, folder, config, options: slurm, signal }, start);
      }
      const display = createRunDisplay({ json: options.json, label: config.model.name });
      const outcome = await startRun(config, { folder, signal, ...display });
      await showOutcome(outcome, options);
    } finally {
      // Left empty by a run that could not start; a job that is submitted needs it.
      if (options.out === undefined && (slurm === null || options.print === true))
        await rmdir(folder).catch(() => undefined);
    }
  };
}
