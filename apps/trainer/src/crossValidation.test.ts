import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImageRecord, readTestPredictions } from '@nonlocal-med/runs';
import { type Ended, imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { runTrainer, startTrainer } from './testing/runTrainer.js';

const folder = await temporaryFolder('cross-validation');
const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n');
const trainer = (...parameters: string[]): Promise<Ended> => runTrainer(folder, parameters);

beforeAll(async () => {
  await imageFolder(join(folder, 'images'));
  const rows = ['none', 'some'].flatMap((label) =>
    readdirSync(join(folder, 'images', label)).map((name) => {
      const patient = Number(/\d+/.exec(name)![0]) >> 1;
      return `${label}/${name},${label},patient-${patient}`;
    }),
  );
  writeFileSync(join(folder, 'images/labels.csv'), `file,label,patient\n${rows.join('\n')}\n`);
  const parts = rows.map((row) => {
    const [file, , patient] = row.split(',');
    return `${file},${/-[0-3]$/.test(patient) ? 'test' : 'train'}`;
  });
  writeFileSync(join(folder, 'split.csv'), `file,split\n${parts.join('\n')}\n`);
  writeFileSync(
    join(folder, 'options.yaml'),
    `
model: { name: shufflenetv2, width: 0.5 }
preprocessing: { size: 32 }
training: { epochs: 1, batchSize: 8 }
loader: { workers: 0 }
`,
  );
});

const train = ['train', '--folds', '2', '--data', 'images/labels.csv', '--config', 'options.yaml'];

describe('train --folds', { timeout: 600_000 }, () => {
  it('stops at Ctrl-C, resumes, and pools the predictions of all folds', async () => {
    let sent = false;
    const stopped = await startTrainer(
      folder,
      [...train, '--group-column', 'patient'],
      (text, kill) => {
        if (sent || !text.includes('[1/2] shufflenetv2, fold 2: started')) return;
        sent = true;
        kill('SIGINT');
      },
    );
    expect(stopped.code, stopped.stderr).toBe(130);
    const place = join(folder, 'runs/labels-shufflenetv2-folds-1');
    expect(stopped.stderr).toContain(`Folder of the cross-validation: ${place}\n`);
    expect(stopped.stderr).toMatch(
      /Interrupted; checkpoints are saved\. Continue with:\n.* resume .*labels-shufflenetv2-folds-1\n/,
    );
    const file = (name: string): string => join(place, 'runs/shufflenetv2', name);
    expect(existsSync(file('out-of-fold-last.csv'))).toBe(false);

    const resumed = await startTrainer(folder, ['resume', place]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).toContain('shufflenetv2, fold 1: already finished');
    expect(resumed.stdout).toContain('pooled, 24 images');
    expect(resumed.stdout).toMatch(/predict \S*labels-shufflenetv2-folds-1 IMAGES\n/);
    for (const weights of ['last', 'selected'] as const) {
      const [header, ...pooled] = linesOf(file(`out-of-fold-${weights}.csv`));
      expect(header).toBe('id,truth,none,some');
      expect(pooled).toEqual(
        [1, 2].flatMap((fold) =>
          linesOf(file(`repeat-${fold}/predictions/test-${weights}.csv`)).slice(1),
        ),
      );
      expect(new Set(pooled.map((line) => line.split(',')[0])).size).toBe(24);
    }
    const [first, second] = await Promise.all(
      [1, 2].map(async (fold) => {
        const { ids, groups } = await readTestPredictions(file(`repeat-${fold}`), 'last');
        const record = await readImageRecord(file(`repeat-${fold}`));
        const used = record!.images.filter(({ split }) => split !== 'test').map(({ id }) => id);
        expect(new Set([...ids, ...used]).size).toBe(24);
        expect(ids.length + used.length).toBe(24);
        return new Set(groups);
      }),
    );
    expect(first.size + second.size).toBe(12);
    expect([...first].filter((patient) => second.has(patient))).toEqual([]);

    const manifest = readFileSync(join(place, 'experiment.json'), 'utf8');
    rmSync(join(place, 'experiment.json')); // as if killed before it was written
    const again = await trainer('resume', place, '--json');
    expect(readFileSync(join(place, 'experiment.json'), 'utf8')).toBe(manifest);
    const [run, other, , result] = again.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([run, other]).toEqual(
      [0, 1].map((repeat) => ({ type: 'run', row: 'shufflenetv2', repeat, state: 'before' })),
    );
    expect(result).toMatchObject({ type: 'result', reason: 'finished', folder: place });
    expect(result.outOfFold).toContain('runs/shufflenetv2/out-of-fold-selected.csv');

    const replaced = await trainer(...train, '--model', 'shufflenetv2-nla', '--out', place);
    expect([replaced.code, replaced.stdout]).toEqual([2, '']);
    expect(replaced.stderr).toMatch(/already holds an experiment \(continue it with .* resume /);
    expect(readFileSync(join(place, 'experiment.json'), 'utf8')).toBe(manifest);
  });

  it.each([
    [['--test', '0.2'], '--test: cannot be used for a cross-validation'],
    [['--slurm', ''], '--slurm: cannot be used for a cross-validation'],
    [['--processes', '2'], '--processes: cannot be used for a cross-validation'],
    [['--hours', '2'], '--hours: cannot be used for a cross-validation'],
    [['--batch', 'auto'], '--batch auto: cannot be used for a cross-validation'],
    [['--member', '0'], '--member: cannot be used for a cross-validation'],
    [
      ['--set', 'split.test=0.3'],
      'split.test: got 0.3, but each fold of a cross-validation is the',
    ],
    [['--set', 'split=5'], 'split: '],
    [['--set', 'split.seed=3'], 'split.seed: got 3, but the seed of the folds is that of the run'],
    [['--folds', '13'], 'in 12 groups, too few to be in each of 13 folds'],
    [['--split-file', 'split.csv'], 'the data set comes with its own split'],
  ])('refuses %j', async (flags, message) => {
    const before = existsSync(join(folder, 'runs')) ? readdirSync(join(folder, 'runs')) : [];
    const { code, stdout, stderr } = await trainer(...train, ...flags);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    if (existsSync(join(folder, 'runs'))) expect(readdirSync(join(folder, 'runs'))).toEqual(before);
  });
});
