import { rmdir } from 'node:fs/promises';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { requireNewFolder } from '@nonlocal-med/runs';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import { measuredOptions } from '../options/measuredOptions.js';
import { newRunFolder } from '../options/newRunFolder.js';
import { readOptions } from '../options/readOptions.js';
import type { TrainOptions } from '../options/runOptions.js';
import { suggestWeights } from '../output/suggestWeights.js';
import { watchHours } from '../output/watchHours.js';
import { clusterOfFlags, requireRunFolder } from '../processes/clusterFlags.js';
import { memberOutput } from '../processes/memberOutput.js';
import { asMember } from '../processes/memberProcess.js';
import { trainOnProcesses } from '../processes/trainOnProcesses.js';
import { requestedOptions, submitRun } from '../slurm/submitRun.js';
import { typedCommand } from '../slurm/taskCommand.js';
import { crossValidate } from './crossValidate.js';

/** `train`: one run on images from disk, or one on each fold of a cross-validation. */
export function trainCommand({ signal }: CommandContext) {
  return async (options: TrainOptions): Promise<void> => {
    const { folds } = options;
    if (folds !== undefined) return crossValidate({ ...options, folds }, signal);
    const cluster = clusterOfFlags(options);
    if (cluster !== undefined) requireRunFolder(options.out);
    if (options.out !== undefined && cluster === undefined)
      await requireNewFolder(resolveUserPath(options.out));
    const given = await readOptions(options);
    const config = parseRunConfig(await measuredOptions(given, { ...options, signal }));
    const folder =
      options.out === undefined ? await newRunFolder(config) : resolveUserPath(options.out);
    if (options.out === undefined && options.json === undefined)
      process.stderr.write(`Run folder: ${folder}\n`);
    const slurm = requestedOptions(options);
    try {
      if (slurm !== null) {
        const setsThreads = config.engine.threads === undefined;
        const start = typedCommand(['--out', folder], { setsThreads });
        return await submitRun({ ...options, folder, config, options: slurm, signal }, start);
      }
      if ((options.processes ?? 1) > 1)
        return await trainOnProcesses(folder, { ...options, signal });
      await asMember(signal, async (stopped) => {
        const { display, show } = memberOutput(cluster, { ...options, label: config.model.name });
        const watched = watchHours(display, options.hours);
        const listener = suggestWeights(watched, config);
        await show(await startRun(config, { folder, signal: stopped, cluster, ...listener }));
      });
    } finally {
      // Left empty by a run that could not start; a job that is submitted needs it.
      if (options.out === undefined && (slurm === null || options.print === true))
        await rmdir(folder).catch(() => undefined);
    }
  };
}
