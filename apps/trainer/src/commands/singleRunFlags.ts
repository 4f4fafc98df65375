/** Flags that one run accepts, and several runs in the folder of an experiment do not. */
import { throwIssues } from '@nonlocal-med/core';
import type { TrainOptions } from '../options/runOptions.js';

/** By flag: its value if it is given, and why it does not fit. */
type Flags = Readonly<Record<string, readonly [given: unknown, because: string]>>;

const ONE_RUN =
  'an experiment file with one row and repeats of kind folds can be submitted: experiment FILE --slurm';

/** The flags that distribute one run over processes or submit it. */
export const clusterOptions = ({
  slurm,
  print,
  processes,
  members,
  member,
}: Pick<TrainOptions, 'slurm' | 'print' | 'processes' | 'members' | 'member'>): Flags => ({
  '--slurm': [slurm, ONE_RUN],
  '--print': [print, ONE_RUN],
  '--processes': [processes, 'each fold is trained by one process, which uses all cores'],
  '--members': [members, 'each fold is trained by one process'],
  '--member': [member, 'each fold is trained by one process'],
});

/** @throws InputError with every flag that is given. */
export function refuseFlags(flags: Flags): void {
  throwIssues(
    Object.entries(flags)
      .filter(([, [given]]) => given !== undefined)
      .map(([path, [, hint]]) => ({
        path,
        message: 'cannot be used for a cross-validation or another experiment',
        hint,
      })),
  );
}
