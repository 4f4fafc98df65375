import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SlurmJob, slurmScript } from './slurmScript.js';
import { taskArguments } from './taskCommand.js';
import { taskResources } from './taskResources.js';

const folder = mkdtempSync(join(tmpdir(), 'slurm-script-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const job: SlurmJob = {
  name: 'table1',
  purpose: 'Trains the experiment table1.',
  tasks: 4,
  resources: { megabytes: 1500, seconds: 4000 },
  options: '--partition gpu --gpus 1',
  folder: '/cluster/ada',
  log: '/cluster/ada/runs/table1.slurm-%A_%a.log',
  command: { words: ['node', 'main.js', 'experiment', 'my table.yaml'], setsThreads: true },
};
const directivesOf = (options: Partial<SlurmJob> = {}): string[] =>
  slurmScript({ ...job, ...options })
    .split('\n')
    .flatMap((line) => (line.startsWith('#SBATCH ') ? [line.slice(8)] : []));

describe('slurmScript', () => {
  it('asks for what the tasks need, and for a warning and a requeue', () => {
    expect(directivesOf()).toEqual([
      '--job-name=table1',
      '--array=1-4',
      '--cpus-per-task=4',
      '--mem=1500M',
      '--time=01:10:00',
      '--requeue',
      '--signal=TERM@120',
      '--open-mode=append',
      '--output=/cluster/ada/runs/table1.slurm-%A_%a.log',
      '--chdir=/cluster/ada',
      '--partition gpu --gpus 1',
    ]);
  });

  it.each([
    ['--time 4:00:00 --mem=8G', ['--time=', '--mem=1500M']],
    ['-t4:00:00 --mem-per-cpu 2G', ['--time=', '--mem=1500M']],
    ['-c 8 --no-requeue', ['--cpus-per-task', '--requeue']],
    ['-J mine -o mine.log', ['--job-name', '--output']],
  ])('leaves out what the options %s say', (options, replaced) => {
    const directives = directivesOf({ options });
    expect(directives.at(-1)).toBe(options);
    expect(directives).toHaveLength(directivesOf().length - replaced.length);
    for (const name of replaced)
      expect(directives.slice(0, -1).filter((line) => line.startsWith(name))).toEqual([]);
  });

  it('is a single task without an array, and leaves what is not known to the cluster', () => {
    const directives = directivesOf({ tasks: undefined, resources: {}, options: ' ' });
    expect(directives.join()).not.toMatch(/array|mem|time/);
    expect(directives.at(-1)).toBe('--chdir=/cluster/ada');
  });

  it('quotes paths with spaces, and refuses what a script cannot hold', () => {
    expect(directivesOf({ folder: '/cluster/ada/my runs' })).toContain(
      '--chdir="/cluster/ada/my runs"',
    );
    expect(() => slurmScript({ ...job, folder: 'a\nrm -rf b' })).toThrow(
      '"a\\nrm -rf b" cannot be written into a batch script',
    );
    expect(() => slurmScript({ ...job, options: '--partition a\nrm -rf b' })).toThrow(
      '--slurm: got "--partition a\\nrm -rf b", which has several lines',
    );
  });
});

/** Runs a script with commands of Slurm that only write down how they were called. */
function execute(
  options: Partial<SlurmJob>,
  env: NodeJS.ProcessEnv,
): { code: number; calls: string } {
  const calls = join(folder, 'calls');
  rmSync(calls, { force: true });
  for (const [name, code] of [
    ['srun', '"${TASK_CODE:-0}"'],
    ['scontrol', '0'],
  ]) {
    const file = join(folder, name);
    writeFileSync(
      file,
      `#!/bin/sh\nfor word; do printf '[%s]' "$word"; done >> "$CALLS"\necho " ${name}" >> "$CALLS"\nexit ${code}\n`,
    );
    chmodSync(file, 0o755);
  }
  const { status } = spawnSync('bash', ['-c', slurmScript({ ...job, ...options })], {
    cwd: folder,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      CALLS: calls,
      SLURM_CPUS_PER_TASK: '3',
      SLURM_JOB_ID: '17',
      ...env,
    },
  });
  return { code: status!, calls: readFileSync(calls, 'utf8') };
}

describe('the script', () => {
  const step =
    '[--ntasks=1][--cpus-per-task=3][node][main.js][experiment][my table.yaml][--set][engine.threads=3] srun\n';

  it('executes the command as a step, with as many threads as cores', () => {
    expect(execute({}, {})).toEqual({ code: 0, calls: step });
  });

  it('requeues the task after an interruption only, and not for ever', () => {
    expect(execute({}, { TASK_CODE: '130' })).toEqual({
      code: 130,
      calls: `${step}[requeue][17] scontrol\n`,
    });
    expect(execute({}, { TASK_CODE: '130', SLURM_RESTART_COUNT: '99' }).calls).toContain('requeue');
    expect(execute({}, { TASK_CODE: '130', SLURM_RESTART_COUNT: '100' }).calls).toBe(step);
    expect(execute({}, { TASK_CODE: '1' })).toEqual({ code: 1, calls: step });
  });

  it('resumes a run that exists', () => {
    const started = join(folder, "ada's config.yaml");
    const resume = { words: ['node', 'main.js', 'resume'], setsThreads: false, exists: started };
    expect(execute({ resume }, {}).calls).toBe(step);
    writeFileSync(started, '');
    expect(execute({ resume }, {}).calls).toBe(
      '[--ntasks=1][--cpus-per-task=3][node][main.js][resume] srun\n',
    );
  });
});

describe('taskArguments', () => {
  it('are those that were typed, without those for the submission', () => {
    const typed = ['experiment', 'table1', '--jobs', '4', '--set', 'a=1', 'b=2', '--slurm'];
    typed.push('--partition gpu', '--print', '--out=runs/a', '--epochs', '3', '--json');
    expect(taskArguments(typed, ['--out', '/runs/a'])).toEqual([
      'experiment',
      'table1',
      '--set',
      'a=1',
      'b=2',
      '--epochs',
      '3',
      '--out',
      '/runs/a',
    ]);
    expect(taskArguments(['train', '--slurm=', '--data', 'x'], [])).toEqual([
      'train',
      '--data',
      'x',
    ]);
  });
});

describe('taskResources', () => {
  it('have margins, and memory for the process that starts others', () => {
    const estimate = { seconds: 600, residentBytes: 1000 * 2 ** 20, parentBytes: 150 * 2 ** 20 };
    expect(taskResources(estimate)).toEqual({ megabytes: 1500, seconds: 900 });
  });
});
