import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { quoteForShell, UnavailableError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { emitJson, resolveUserPath } from '@nonlocal-med/terminal';
import { type SlurmJob, slurmScript } from './slurmScript.js';

/** How a job is handed over. */
export interface SubmitOptions {
  /** Only print the script. */
  readonly print?: true;
  readonly json?: true;
}

/**
 * Writes the script of a job next to the folder that it fills, and submits it; with `print`, prints it and does neither.
 * @param file path of the script
 * @throws InputError if an option or a path cannot be written into a script
 * @throws UnavailableError if there is no sbatch, or it refuses the job
 */
export async function submitJob(
  file: string,
  job: SlurmJob,
  { print, json }: SubmitOptions,
): Promise<void> {
  const script = slurmScript(job);
  if (print === true) return void process.stdout.write(script);
  await writeAtomic(file, script);
  const id = await submit(file);
  if (json !== undefined)
    return emitJson({ type: 'submitted', job: id, tasks: job.tasks ?? 1, script: file });
  const tasks =
    job.tasks === undefined ? '' : ` with ${job.tasks} ${job.tasks === 1 ? 'task' : 'tasks'}`;
  const log = job.log.replace('%A', id).replace('%a', '1').replace('%j', id);
  process.stdout.write(
    `Script: ${file}\nJob ${id}${tasks} is submitted. To see its state, follow it, or cancel it:\n  squeue --jobs ${id}\n  tail -f ${quoteForShell(log)}\n  scancel ${id}\n`,
  );
}

/** Submits a script; returns the job's number. */
async function submit(file: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('sbatch', ['--parsable', file], {
      cwd: resolveUserPath('.'),
    });
    return stdout.trim().split(';')[0]; // the cluster's name may follow
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    throw new UnavailableError(
      code === 'ENOENT'
        ? `sbatch, Slurm's command that submits a job, was not found. The script is written: run "sbatch ${basename(file)}" in its folder on a machine of the cluster, or print the script with --print.`
        : `sbatch refused the job: ${stderr?.trim() ?? String(error)} The script is ${file}.`,
      { cause: error },
    );
  }
}
