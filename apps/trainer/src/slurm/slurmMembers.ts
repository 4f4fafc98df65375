import { InputError } from '@nonlocal-med/core';
import type { RunCluster } from '@nonlocal-med/pipeline';

/** First port where Slurm reserves none, and how many follow from the numbers of jobs. */
const PORTS = { first: 20000, count: 20000, perJob: 16 };

/**
 * The tasks of a step that `srun` started, as members. Ports are those that `srun --resv-ports` reserved, else derived from
 * the number of the job; each task has another one, because two nodes may be one machine. Tasks are numbered node by node,
 * which `--distribution=block` makes sure of.
 * @throws InputError outside of a step.
 */
export function slurmMembers(env: NodeJS.ProcessEnv): Pick<RunCluster, 'members' | 'member'> {
  const { SLURM_STEP_NODELIST: nodes, SLURM_STEP_TASKS_PER_NODE: counts } = env;
  const { SLURM_PROCID: task, SLURM_JOB_ID: job, SLURM_STEP_RESV_PORTS: reserved } = env;
  if (nodes === undefined || counts === undefined || task === undefined || job === undefined)
    throw new InputError({
      path: '--members',
      message: 'is slurm, but this process was not started by srun',
      hint: 'srun --ntasks=2 --distribution=block --kill-on-bad-exit=1 ... --members slurm',
    });
  const tasks = expandCounts(counts);
  const hosts = expandHosts(nodes).flatMap((host, index) =>
    Array.from({ length: tasks[index] ?? 0 }, () => host),
  );
  const derived = PORTS.first + ((Number(job) * PORTS.perJob) % PORTS.count);
  const [first] = expandHosts(`[${reserved ?? derived}]`).map(Number);
  return { members: hosts.map((host, index) => `${host}:${first + index}`), member: Number(task) };
}

/** The names in a list of Slurm's: `n[1-2,07],x` has n1, n2, n07 and x. */
export function expandHosts(list: string): string[] {
  const parts = list.matchAll(/([^,[\]]*)(?:\[([^\]]+)\])?(?:,|$)/g);
  return [...parts].flatMap(([whole, name, ranges]) => {
    if (whole === '' || whole === ',') return [];
    if (ranges === undefined) return [name];
    return ranges.split(',').flatMap((range) => {
      const [from, to = from] = range.split('-');
      return Array.from(
        { length: Number(to) - Number(from) + 1 },
        (_, index) => `${name}${String(Number(from) + index).padStart(from.length, '0')}`,
      );
    });
  });
}

/** Tasks of each node: `2(x3),1` is 2, 2, 2, 1. */
const expandCounts = (text: string): number[] =>
  text.split(',').flatMap((part) => {
    const [, tasks, nodes = '1'] = /^(\d+)(?:\(x(\d+)\))?$/.exec(part) ?? [];
    return Array.from({ length: Number(nodes) }, () => Number(tasks));
  });
