import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Side {
  readonly side: string;
  readonly wall: number;
  readonly cpu: number;
  readonly rss: number;
  readonly rounds: readonly unknown[];
}

interface Line {
  readonly run: string;
  readonly machine?: { readonly processor: string; readonly cores: number };
  readonly topic?: string;
  readonly name?: string;
  readonly load?: readonly number[];
  readonly sides?: readonly Side[];
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bench(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(
    process.execPath,
    [fileURLToPath(new URL('../bench.mjs', import.meta.url)), '--results', folder, ...args],
    { encoding: 'utf8' },
  );
}

function kept(): Line[] {
  const [file] = readdirSync(folder);
  return readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('bench --quick', () => {
  it.each(['steps', 'inference', 'attention', 'precision', 'clahe', 'loader', 'startup', 'growth'])(
    'measures %s, shows a table that fits a terminal, keeps every case',
    (topic) => {
      const { status, stdout, stderr } = bench('--quick', '--only', topic);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const [header, ...cases] = kept();
      expect(header.machine).toMatchObject({
        processor: expect.any(String),
        cores: expect.any(Number),
      });
      expect(cases.length).toBeGreaterThan(0);
      for (const { run, topic: of, name, load, sides } of cases) {
        expect([run, of]).toEqual([header.run, topic]);
        expect(stdout).toContain(name);
        expect(load).toHaveLength(2);
        for (const side of sides!) {
          expect(side.rounds).toHaveLength(1);
          for (const value of [side.wall, side.cpu, side.rss]) expect(value).toBeGreaterThan(0);
        }
      }
      const table = stdout
        .split('\n')
        .slice(1)
        .filter((line) => !/^Kept|: /.test(line));
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );
});

describe('bench', () => {
  it('takes several rounds and a number of threads', () => {
    expect(bench('--quick', '--only', 'clahe', '--rounds', '3', '--threads', '1').status).toBe(0);
    expect(kept()[1].sides![0].rounds).toHaveLength(3);
  });

  it.each([
    [['--only', 'steps,speed'], 'unknown topic speed'],
    [['--rounds', '0'], '--rounds: got 0'],
    [['--kernels', 'best'], '--kernels: got best'],
    [['--fast'], '--fast'],
  ])('refuses %j with 2 and the usage', (args, message) => {
    const { status, stderr } = bench(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('pnpm bench [options]');
  });

  it('refuses a Python that lacks something', () => {
    const { status, stderr } = bench('--quick', '--only', 'clahe', '--python', process.execPath);
    expect(status).toBe(2);
    expect(stderr).toContain(`--python: ${process.execPath} cannot be used`);
  });

  it('fails with the error output of a side that cannot run', () => {
    const python = join(folder, 'python');
    writeFileSync(python, '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho broken >&2\nexit 3\n', {
      mode: 0o755,
    });
    const { status, stderr } = bench('--quick', '--only', 'clahe', '--python', python);
    expect(status).toBe(1);
    expect(stderr).toContain('clahe.py');
    expect(stderr).toContain('broken');
  });
});
