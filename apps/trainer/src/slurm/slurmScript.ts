import { quoteForShell } from '@nonlocal-med/core';
import { sbatchDirectives, type SlurmResources } from './sbatchDirectives.js';

/** A job for Slurm: one task, or an array of tasks that do the same. */
export interface SlurmJob {
  readonly name: string;
  /** What the job does, in one line, for the head of the script. */
  readonly purpose: string;
  /** Number of tasks of a job array; left out for a single task. */
  readonly tasks?: number;
  /** What each task asks for; what is left out is left to the cluster's defaults. */
  readonly resources: SlurmResources;
  /** Options of sbatch that the user gave, such as `--partition gpu --gpus 1`; they replace the job's own. */
  readonly options: string;
  /** Folder in which the tasks start; relative paths of their commands begin there. */
  readonly folder: string;
  /** Where Slurm writes what the tasks print, with Slurm's patterns (`%j`). */
  readonly log: string;
  /** What each task executes. */
  readonly command: SlurmCommand;
  /** What a task executes instead once the file `exists` is there, after an interruption. */
  readonly resume?: SlurmCommand & { readonly exists: string };
}

/** A command of a task. */
export interface SlurmCommand {
  readonly words: readonly string[];
  /** Whether it takes the number of threads as an option. */
  readonly setsThreads: boolean;
}

/** Starts of a task after preemptions or time limits, from which on it ends instead. */
const MOST_RESTARTS = 100;

/**
 * A batch script for sbatch: asks Slurm to warn before it stops a task, lets the program write its checkpoint, and puts the
 * task back into the queue. As submitit and Lightning do it.
 * @throws InputError if an option or a path cannot be written into a script
 */
export function slurmScript(job: SlurmJob): string {
  const { purpose, command, resume } = job;
  return `#!/bin/bash
# ${purpose}
# A script for sbatch, which may be edited and submitted again.
${sbatchDirectives(job)
  .map((directive) => `#SBATCH ${directive}\n`)
  .join('')}
# How often a task may be started again, after a preemption or at its time limit.
most_restarts=${MOST_RESTARTS}

${assignment(command)}
${resume === undefined ? '' : `if [ -e ${quoteForShell(resume.exists)} ]; then\n  ${assignment(resume)}\nfi\n`}
# A step of the job (srun) hears of a preemption in advance; the script itself does not.
srun --ntasks=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" "\${command[@]}"
code=$?

# 130: interrupted, with a checkpoint. Slurm starts a task that ended by itself again only if it is asked to.
if [ "$code" -eq 130 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt "$most_restarts" ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
`;
}

function assignment({ words, setsThreads }: SlurmCommand): string {
  const threads = setsThreads ? ' --set engine.threads="$SLURM_CPUS_PER_TASK"' : '';
  return `command=(${words.map(quoteForShell).join(' ')}${threads})`;
}
