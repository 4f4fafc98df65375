import { type Command, Option } from 'commander';

/** Parsed options of a command that can be submitted to a cluster. */
export interface SlurmFlags {
  /** Options of sbatch; empty for none. */
  readonly slurm?: string;
  readonly print?: true;
}

const GROUP = 'On a Slurm cluster (docs/clusters.md):';

/** Adds `--slurm` and `--print` to a command. */
export function addSlurmFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--slurm <options>',
        'submit as a batch job with these options of sbatch, such as "--partition gpu --time 4:00:00" ("" for none)',
      )
        .conflicts('dryRun')
        .helpGroup(GROUP),
    )
    .addOption(
      new Option(
        '--print',
        'with --slurm: print the batch script instead of submitting it',
      ).helpGroup(GROUP),
    );
}
