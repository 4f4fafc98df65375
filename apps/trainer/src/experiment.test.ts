import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExperimentManifest } from '@nonlocal-med/runs';
import type { Ended } from '@nonlocal-med/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { startTrainer } from './testing/runTrainer.js';

const folder = mkdtempSync(join(tmpdir(), 'trainer-experiment-'));
const trainer = (parameters: readonly string[]): Promise<Ended> => startTrainer(folder, parameters);
const small = [
  '--set',
  'data.images=40',
  '--set',
  'data.size=64',
  '--set',
  'data.classes=2',
  '--size',
  '48',
  '--contrast',
  'none',
  '--epochs',
  '1',
  '--workers',
  '0',
];
const lines = (text: string): { type: string; [key: string]: unknown }[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('experiment', { timeout: 600_000 }, () => {
  it('trains rows of table1 twice on synthetic images and prints the table', async () => {
    // Both backbones, and one of them with the method. NONLOCAL_MED_SLOW=1 trains all eight.
    const all = ['shufflenetv2', 'resnet18'].flatMap((name) =>
      ['', '-nam', '-nam-db', '-nla'].map((part) => `${name}${part}`),
    );
    const isSlow = process.env.NONLOCAL_MED_SLOW === '1';
    const trained = isSlow ? all : ['shufflenetv2', 'resnet18', 'resnet18-nla'];
    const runs = 2 * trained.length;
    const { code, stdout, stderr } = await trainer([
      'experiment',
      'table1',
      ...small,
      '--rows',
      trained.join(),
      '--repeats',
      '2',
      '--jobs',
      '2',
      '--explain',
      '4',
      '--out',
      'table1',
    ]);
    expect(stderr).toContain(`[${runs}/${runs}]`);
    expect(code).toBe(0);
    const manifest = JSON.parse(
      readFileSync(join(folder, 'table1/experiment.json'), 'utf8'),
    ) as ExperimentManifest;
    expect(manifest.runs).toHaveLength(16);
    for (const { folder: run } of manifest.runs.filter(({ row }) => trained.includes(row)))
      expect(existsSync(join(folder, 'table1', run, 'metrics.json'))).toBe(true);
    for (const title of [
      'ShuffleNetV2',
      'ResNet18',
      'too few repeats',
      "paper's results are not shown",
    ])
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(title);
    expect(stdout).not.toContain('95.39');
    expect(stdout).toContain(`Experiment: ${join(folder, 'table1')}`);
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .filter((line) => !line.includes(folder) && !line.startsWith('pnpm ')) // commands stay whole
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(80);
    for (const weights of ['last', 'selected']) {
      const summary = JSON.parse(
        readFileSync(join(folder, `table1/table-${weights}.json`), 'utf8'),
      ) as { finished: number; weights: string };
      expect(summary).toMatchObject({ finished: runs, weights });
      for (const format of ['md', 'csv', 'tex'])
        expect(readFileSync(join(folder, `table1/table-${weights}.${format}`), 'utf8')).toContain(
          'ResNet18 + NAM + DB + NVCF',
        );
    }
    for (const key of trained)
      expect(
        existsSync(join(folder, 'table1/runs', key, 'repeat-1/explanations/index.json')),
        key,
      ).toBe(true);
    expect(readFileSync(join(folder, 'table1/report.html'), 'utf8')).toContain(
      'ResNet18 + NAM + DB + NVCF',
    );
  });

  it('resumes after Ctrl-C and skips finished runs', async () => {
    const command = [
      'experiment',
      'table3',
      ...small,
      '--rows',
      'encoder3,encoder4',
      '--repeats',
      '1',
      '--out',
      'stopped',
    ];
    let sent = false;
    const stopped = await startTrainer(folder, command, (text, kill) => {
      if (sent || !/\[1\/2\] encoder4, repeat 1: started/.test(text)) return;
      sent = true;
      kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same command to resume.');
    const again = await trainer(command);
    expect(again.stderr).toMatch(/encoder3, repeat 1: already finished/);
    expect(again.code).toBe(0);
  });

  it('runs a custom experiment from a YAML file and exits with 1 if a run fails', async () => {
    writeFileSync(join(folder, 'weights.pth'), 'no weights');
    writeFileSync(
      join(folder, 'own.yaml'),
      `
caption: Two widths
base: { data: { kind: tiny-lesions, images: 40, size: 64, classes: 2 }, preprocessing: { size: 48, contrast: none }, split: { test: 0.4 }, training: { epochs: 1, batchSize: 8 }, loader: { workers: 0 } }
repeats: { kind: seeds, count: 1 }
rows:
  - { key: half, options: { model: { name: shufflenetv2, width: 0.5 } } }
  - { key: broken, options: { model: { name: shufflenetv2, weights: ${join(folder, 'weights.pth')} } } }
`,
    );
    const { code, stdout, stderr } = await trainer([
      'experiment',
      'own.yaml',
      '--out',
      'own',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(lines(stdout).at(-1)).toMatchObject({
      type: 'result',
      reason: 'failed',
      failures: [
        { row: 'broken', repeat: 0, message: expect.stringContaining('weights.pth') as string },
      ],
    });
    expect(existsSync(join(folder, 'own/runs/half/repeat-1/metrics.json'))).toBe(true);
  });

  it('prints the plan and its estimated cost with --dry-run, without training', async () => {
    const { code, stdout } = await trainer([
      'experiment',
      'table3',
      ...small,
      '--repeats',
      '3',
      '--dry-run',
      '--out',
      'dry',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/weights +none/);
    expect(stdout).toMatch(
      /repeats +3, each with a new split and seed; train \/ validation \/ test 22 \/ 2 \/ 16/,
    );
    expect(stdout).toMatch(/encoder2 +[\d.]+ s +[\d.]+ s +3 +.* MiB/);
    expect(stdout).toMatch(/12 runs, about .* one after another/);
    expect(existsSync(join(folder, 'dry'))).toBe(false);
  });

  it('finds out that weights are missing before --dry-run measures anything', async () => {
    const { code, stdout, stderr } = await trainer([
      'experiment',
      'table3',
      ...small,
      '--weights',
      'resnet18=missing.pth',
      '--dry-run',
    ]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/weights: .*missing\.pth: there is no such file/);
  });
});
