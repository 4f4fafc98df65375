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
import { taskArguments } from '../slurm/taskArguments.js';
import { thisProgram } from '../slurm/thisProgram.js';

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
        const words = [
          ...thisProgram(),
          ...taskArguments(process.argv.slice(2), ['--out', folder]),
        ];
        const request = { ...options, folder, config, options: slurm, signal };
        return await submitRun(request, {
          words,
          setsThreads: config.engine.threads === undefined,
        });
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
