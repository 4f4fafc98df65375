import { basename, join } from 'node:path';
import { fileExists } from '@nonlocal-med/core/node';
import { checkMoreEpochs, readRunConfig, resumeRun } from '@nonlocal-med/pipeline';
import { experimentFiles, isExperimentFolder, openRunFolder } from '@nonlocal-med/runs';
import { type CommandContext, resolveUserPath } from '@nonlocal-med/terminal';
import type { ResumeOptions } from '../options/runOptions.js';
import { clusterOfFlags } from '../processes/clusterFlags.js';
import { memberOutput } from '../processes/memberOutput.js';
import { asMember } from '../processes/memberProcess.js';
import { isLeftToTrain, trainOnProcesses } from '../processes/trainOnProcesses.js';
import { requestedOptions, submitRun } from '../slurm/submitRun.js';
import { resumeExperiment } from './resumeExperiment.js';

/** `resume`: continues an interrupted run or experiment to the same end, or a finished run to more epochs. */
export function resumeCommand({ signal }: CommandContext) {
  return async (run: string, options: ResumeOptions): Promise<void> => {
    const folder = resolveUserPath(run);
    // The definition alone is left by an experiment that was killed while its folder was made.
    if (
      (await isExperimentFolder(folder)) ||
      (await fileExists(join(folder, experimentFiles.definition)))
    )
      return resumeExperiment(folder, options, signal);
    const slurm = requestedOptions(options);
    if (slurm !== null) {
      const opened = await openRunFolder(folder);
      const config = readRunConfig(opened);
      if (options.epochs !== undefined) await checkMoreEpochs(opened, config, options.epochs);
      return submitRun({ ...options, folder, config, options: slurm, signal });
    }
    // More epochs of a finished run are left to train, too.
    if (
      (options.processes ?? 1) > 1 &&
      (options.epochs !== undefined || (await isLeftToTrain(folder)))
    )
      return trainOnProcesses(folder, { ...options, signal });
    const cluster = clusterOfFlags(options);
    await asMember(signal, async (stopped) => {
      const { display, show } = memberOutput(cluster, { ...options, label: basename(folder) });
      const { epochs } = options;
      await show(await resumeRun({ folder, signal: stopped, epochs, cluster, ...display }));
    });
  };
}
