import { availableParallelism } from 'node:os';
import { InputError } from '@nonlocal-med/core';
import type { RunCluster } from '@nonlocal-med/pipeline';
import { integerFrom, splitList } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { slurmMembers } from '../slurm/slurmMembers.js';

/** Parsed options of a command that several processes can execute together. */
export interface ClusterFlags {
  /** Number of processes to start on this machine. */
  readonly processes?: number;
  /** Addresses of all processes, or the word `slurm` alone. */
  readonly members?: readonly string[];
  /** Which of them this process is. */
  readonly member?: number;
  readonly slurm?: string;
}

/** Group of flags in the help of a command. */
export const CLUSTER_GROUP = 'On several processes (docs/distributed.md):';

/** Adds `--processes`, `--members` and `--member` to a command. */
export function addClusterFlags(command: Command): Command {
  const option = (flags: string, description: string): Option =>
    new Option(flags, description).helpGroup(CLUSTER_GROUP);
  return command
    .addOption(
      option(
        '--processes <count>',
        'train on so many processes of this machine, each on its part of every batch',
      )
        .argParser(integerFrom(1))
        .conflicts(['members', 'slurm']),
    )
    .addOption(
      option(
        '--members <addresses>',
        'host:port of each process, separated by commas, where every process is started by itself; or slurm, under srun. Trusted networks only',
      )
        .argParser(splitList)
        .conflicts('slurm'),
    )
    .addOption(
      option('--member <index>', 'with --members: which of them this process is, from 0').argParser(
        integerFrom(0),
      ),
    );
}

/**
 * The cluster that this process is a member of; undefined if it trains alone or starts the members itself.
 * @throws InputError if the flags, or what Slurm says, do not describe one.
 */
export function clusterOfFlags(
  { members, member }: ClusterFlags,
  env: NodeJS.ProcessEnv = process.env,
): RunCluster | undefined {
  if (members === undefined) {
    if (member !== undefined)
      throw new InputError({
        path: '--member',
        message: 'was given without --members',
        hint: '--members host:port,host:port --member 0',
      });
    return undefined;
  }
  if (members.join() === 'slurm') {
    if (member !== undefined)
      throw new InputError({
        path: '--member',
        message: 'was given with --members slurm',
        hint: 'leave it out: Slurm numbers the tasks',
      });
    const cluster = slurmMembers(env);
    const threads = Number(env.SLURM_CPUS_PER_TASK) || availableParallelism();
    return cluster.members.length < 2 ? undefined : { ...cluster, threads };
  }
  if (member === undefined)
    throw new InputError({
      path: '--member',
      message: 'is missing',
      hint: `which of --members this process is, from 0 to ${members.length - 1}`,
    });
  const host = (address?: string): string | undefined => address?.split(':')[0];
  const here = members.filter((address) => host(address) === host(members[member])).length;
  const threads = Math.max(1, Math.floor(availableParallelism() / Math.max(1, here)));
  return { members, member, threads };
}

/**
 * Members that are started one by one must agree on the folder of a new run.
 * @throws InputError if none is given.
 */
export function requireRunFolder(out: string | undefined): void {
  if (out === undefined)
    throw new InputError({
      path: '--out',
      message: 'is missing: members of one training need the same folder',
      hint: 'a new folder, the same for all members',
    });
}
