import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTrainer } from '../testing/runTrainer.js';
import {
  noClusterBecause,
  type SlurmCluster,
  startSlurmCluster,
  until,
} from '../testing/slurmCluster.js';

const because = noClusterBecause();
const EPOCHS = 60;
const small = [
  ...['--set', 'data.images=60', 'data.size=64', 'data.classes=2', '--size', '48'],
  ...['--contrast', 'none', '--workers', '0', '--batch', '8', '--epochs', String(EPOCHS)],
];
const request = '--partition low --cpus-per-task 1 --mem 1200M --time 20';

describe.skipIf(because !== null)(
  `on a Slurm cluster (${because ?? 'of two nodes'})`,
  { timeout: 3_600_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'trainer-slurm-'));
    let cluster: SlurmCluster;
    beforeAll(async () => {
      cluster = await startSlurmCluster(join(folder, 'cluster'));
      process.env.SLURM_CONF = cluster.config;
    }, 300_000);
    afterAll(async () => {
      delete process.env.SLURM_CONF;
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 300_000);

    /** Submits a command; returns the job's number. */
    const submit = async (...command: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await startTrainer(folder, [...command, '--slurm', request]);
      expect(stderr + stdout).toMatch(/Job \d+ /);
      expect(code).toBe(0);
      return /Job (\d+) /.exec(stdout)![1];
    };
    const statesOf = async (job: string): Promise<string[]> =>
      (await cluster.slurm('squeue', '--noheader', '--array', `--jobs=${job}`, '--format=%T %r'))
        .split('\n')
        .filter((line) => line !== '');
    const isRequeued = (state: string): boolean => state.endsWith('BeginTime');
    /** The nodes that work on a job. */
    const nodesOf = async (job: string): Promise<('n1' | 'n2')[]> => {
      const options = ['--noheader', '--array', `--jobs=${job}`, '--states=RUNNING', '--format=%N'];
      return (await cluster.slurm('squeue', ...options)).split('\n') as ('n1' | 'n2')[];
    };
    const epochsOf = (run: string): number => {
      const log = join(folder, run, 'events.jsonl');
      if (!existsSync(log)) return 0;
      return readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"type":"epoch"')).length;
    };
    /** Starts requeued tasks now, not two minutes later; tasks that run or have ended are left alone. */
    const startNow = (job: string): Promise<string> =>
      cluster.slurm('scontrol', 'update', `JobId=${job}`, 'StartTime=now').catch((error: Error) => {
        if (!/already finished|no longer pending/.test(error.message)) throw error;
        return '';
      });
    /** Waits for the end of a job. */
    const finished = async (job: string): Promise<void> =>
      until(`the end of job ${job}`, async () => {
        const states = await statesOf(job).catch(() => []); // unknown once it has ended for a while
        if (states.some(isRequeued)) await startNow(job);
        return states.length === 0;
      });
    /** Takes both nodes away from the jobs of the partition `low` for a second. */
    const preempt = async (): Promise<void> => {
      const urgent = ['--partition=high', '--mem=2500M', '--array=1-2', '--output=/dev/null'];
      await cluster.slurm('sbatch', ...urgent, '--wrap=sleep 1');
    };
    const expectSame = (run: string, reference: string): void => {
      for (const file of ['model/weights.bin', 'predictions/test-last.csv'])
        expect(
          readFileSync(join(folder, run, file)).equals(readFileSync(join(folder, reference, file))),
          `${run}/${file}`,
        ).toBe(true);
    };

    it('an experiment survives a preemption and the death of a node without a trace in its results', async () => {
      const command = ['experiment', 'table1', '--rows', 'shufflenetv2,shufflenetv2-nam'];
      command.push('--repeats', '1', ...small);
      const threads = ['--set', 'engine.threads=1'];
      const plain = await startTrainer(folder, [...command, ...threads, '--out', 'undisturbed']);
      expect(plain).toMatchObject({ code: 0 });
      const runs = ['shufflenetv2', 'shufflenetv2-nam'].map((row) => `runs/${row}/repeat-1`);
      const job = await submit(...command, '--out', 'table', '--jobs', '2');
      const epochs = (): number[] => runs.map((run) => epochsOf(`table/${run}`));
      await until('an epoch', () => Promise.resolve(Math.max(...epochs()) > 1));
      await preempt();
      await until('the requeue', async () => {
        const states = await statesOf(job);
        return states.some(isRequeued) && states.every((state) => state.startsWith('PENDING'));
      });
      const before = epochs();
      expect(Math.min(...before)).toBeLessThan(EPOCHS);
      const logs = [1, 2].map((task) => join(folder, `table.slurm-${job}_${task}.log`));
      expect(
        logs.map((log) => (existsSync(log) ? readFileSync(log, 'utf8') : '')).join(),
      ).toContain('Interrupted; checkpoints are saved.');

      await startNow(job);
      await until('an epoch more', () =>
        Promise.resolve(epochs().some((count, i) => count > before[i])),
      );
      const [node] = await nodesOf(job);
      await cluster.killNode(node);
      await cluster.startNode(node);
      await finished(job);
      for (const run of runs) expectSame(`table/${run}`, `undisturbed/${run}`);
      expect(readFileSync(join(folder, 'table/table-last.csv'), 'utf8')).toBe(
        readFileSync(join(folder, 'undisturbed/table-last.csv'), 'utf8'),
      );
    });

    it('a training is resumed after a preemption, and ends on a full disk without being requeued', async () => {
      const command = [
        'train',
        '--set',
        'data.kind=tiny-lesions',
        '--model',
        'shufflenetv2',
        ...small,
      ];
      const threads = ['--set', 'engine.threads=1'];
      const plain = await startTrainer(folder, [...command, ...threads, '--out', 'alone']);
      expect(plain).toMatchObject({ code: 0 });
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]);
      try {
        const job = await submit(...command, '--out', 'disk/run');
        await finished(job);
        const log = readFileSync(join(disk, `run.slurm-${job}.log`), 'utf8');
        expect(log).toMatch(/ENOSPC|no space left|disk is full/i);
        expect(existsSync(join(disk, 'run/metrics.json'))).toBe(false);

        execFileSync('mount', ['-o', 'remount,size=200m', disk]);
        const again = await cluster.slurm('sbatch', '--parsable', join(disk, 'run.sbatch'));
        await until('the run', () => Promise.resolve(epochsOf('disk/run') > 3));
        await preempt();
        await finished(again);
        expect(readFileSync(join(disk, `run.slurm-${again}.log`), 'utf8')).toContain('interrupted');
        expectSame('disk/run', 'alone');
      } finally {
        execFileSync('umount', [disk]);
      }
    });
  },
);
