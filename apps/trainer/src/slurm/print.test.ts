import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ended } from '@nonlocal-med/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { startTrainer } from '../testing/runTrainer.js';

const folder = mkdtempSync(join(tmpdir(), 'trainer-print-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const images = ['--set', 'data.images=40', 'data.size=64', 'data.classes=2'];
const print = (...command: readonly string[]): Promise<Ended> =>
  startTrainer(folder, [...command, '--slurm', '--partition low --mem 1G --time 10', '--print']);
const commandIn = ({ stdout }: Ended): string => /^command=\((.*)\)$/m.exec(stdout)![1];

describe('--slurm --print', { timeout: 600_000 }, () => {
  it('prints the script of an experiment and leaves nothing behind', async () => {
    const ended = await print('experiment', 'table3', ...images, '--repeats', '1', '--jobs', '9');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('#SBATCH --array=1-4\n');
    expect(ended.stdout).toContain('#SBATCH --partition low --mem 1G --time 10\n');
    expect(commandIn(ended)).toMatch(
      / experiment table3 --set data\.images=40 data\.size=64 data\.classes=2 --repeats 1 --out \S+\/runs\/table3 --no-wait --set engine\.threads="\$SLURM_CPUS_PER_TASK"$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps the number of threads that the user gives', async () => {
    const set = [...images, 'engine.threads=2'];
    const ended = await print('experiment', 'table3', ...set, '--repeats', '1');
    expect(commandIn(ended)).toMatch(/ engine\.threads=2 .* --no-wait$/);
  });

  it('prints the script of a training, which resumes what has begun', async () => {
    const ended = await print('train', ...images, 'data.kind=tiny-lesions', '--model', 'resnet18');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toMatch(/if \[ -e \S+config\.yaml \]; then\n {2}command=\(.* resume /);
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  it('is refused beside --dry-run, and --print without --slurm', async () => {
    const both = await print('experiment', 'table3', '--dry-run');
    expect(both).toMatchObject({ code: 2 });
    expect(both.stderr).toContain("'--slurm <options>' cannot be used with option '--dry-run'");
    const alone = await startTrainer(folder, ['experiment', 'table3', ...images, '--print']);
    expect(alone).toMatchObject({ code: 2 });
    expect(alone.stderr).toContain('--print: was given without --slurm');
  });
});
