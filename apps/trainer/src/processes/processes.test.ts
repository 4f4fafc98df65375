import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const slow = process.env.NONLOCAL_MED_SLOW === '1';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'processes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the trainer until it ends; `onSteps` is called once after so many steps. */
async function runUntil(
  parameters: readonly string[],
  {
    steps = Infinity,
    act,
  }: { readonly steps?: number; act?: (trainer: ChildProcess) => void } = {},
) {
  const trainer = spawn(process.execPath, [main, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [text, stderr, seen] = ['', '', 0];
  const lines: Record<string, unknown>[] = [];
  trainer.stdout.setEncoding('utf8').on('data', (data: string) => {
    const complete = (text + data).split('\n');
    text = complete.pop()!;
    for (const line of complete) {
      lines.push(JSON.parse(line) as Record<string, unknown>); // nothing else is printed
      if (lines.at(-1)!.type === 'step' && ++seen === steps) act?.(trainer);
    }
  });
  trainer.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
  const [code] = (await once(trainer, 'close')) as [number | null];
  const stepsDone = lines.filter(({ type }) => type === 'step').map(({ step }) => step as number);
  return { code, stderr, lines, steps: stepsDone };
}

/** Process ids of the members that a trainer has started, by their index. */
function memberProcesses(): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const at = words.indexOf('--member');
      if (at > 0 && words.includes(main) && words.some((word) => word.startsWith(folder)))
        found.set(words[at + 1], Number(pid));
    } catch {
      // ended meanwhile
    }
  }
  return found;
}

const synthetic = (out: string): string[] =>
  `train --json --set data.kind=tiny-lesions --set data.images=48 --set data.size=64 --size 64 --contrast none --model shufflenetv2 --set model.width=0.5 --batch 4 --validation 0 --set explanations.images=0 --set loader.workers=0 --set engine.kernels=fixed --set engine.graph=false --out ${out}`.split(
    ' ',
  );

describe.skipIf(process.env.NONLOCAL_MED_REQUIRE_NATIVE !== '1' || process.platform !== 'linux')(
  '--processes 2 (Linux, NONLOCAL_MED_REQUIRE_NATIVE=1)',
  () => {
    it('stops with a checkpoint, resumes, and names a member that is killed', async () => {
      const run = join(folder, 'run');
      const interrupted = await runUntil(
        [...synthetic(run), '--epochs', '400', '--processes', '2'],
        { steps: 3, act: (trainer) => trainer.kill('SIGINT') },
      );
      expect(interrupted.stderr).toBe(
        'Stopping after this step and saving; press again to quit at once.\n',
      );
      expect(interrupted.code).toBe(130);
      expect(interrupted.lines.at(-1)).toMatchObject({ type: 'result', reason: 'interrupted' });
      expect(memberProcesses().size).toBe(0);
      const environment = JSON.parse(await readFile(join(run, 'environment.json'), 'utf8')) as {
        engine: object;
      };
      expect(environment.engine).toMatchObject({ engine: 'native', processes: 2 });
      if (slow) await cp(run, join(folder, 'alone'), { recursive: true });

      const last = interrupted.steps.at(-1)!;
      const killed = await runUntil(['resume', run, '--json', '--processes', '2'], {
        steps: 3,
        act: () => process.kill(memberProcesses().get('1')!, 'SIGKILL'),
      });
      expect(killed.steps[0]).toBe(last + 1);
      expect(killed.code).toBe(1);
      expect(killed.stderr).toMatch(
        /^error: The process of member 1 was ended by SIGKILL \(out of memory\?\), and the others cannot go on without it\. A checkpoint is saved\. Continue, with any number of processes, with:\n.* resume .*--processes 2\n/,
      );
      expect(killed.stderr.match(/error/g)).toHaveLength(1);
      expect(memberProcesses().size).toBe(0);
      const written = killed.lines.filter(({ type }) => type === 'checkpoint').at(-1);
      expect(written).toMatchObject({ step: killed.steps.at(-1), kind: 'last' });
    });

    it.runIf(slow)(
      'refuses a batch with too few images for its processes before anything is written',
      async () => {
        const run = join(folder, 'few');
        const { code, stderr } = await runUntil([...synthetic(run), '--processes', '3']);
        expect(code).toBe(2);
        expect(stderr).toContain('training.batchSize: is 4, for 3 processes');
        expect(readdirSync(folder)).not.toContain('few');
      },
    );

    it.runIf(slow)('trains on one image per process with --sync-batch-norm', async () => {
      const run = join(folder, 'synchronized');
      const { code, lines } = await runUntil([
        ...synthetic(run),
        ...'--epochs 1 --batch 2 --processes 2 --sync-batch-norm --set engine.graph=true'.split(
          ' ',
        ),
      ]);
      expect(code).toBe(0);
      expect(lines.at(-1)).toMatchObject({ type: 'result', reason: 'finished' });
      expect(lines.filter(({ type }) => type === 'warning')).toEqual([]);
      const { data } = JSON.parse(await readFile(join(run, 'environment.json'), 'utf8')) as {
        data: { notes: string[] };
      };
      expect(data.notes).toContain(
        'Batch normalization is synchronized between 2 processes, so that steps run as single operations instead of graphs.',
      );
    });

    it.runIf(slow)('resumes with one process, which is said', async () => {
      const run = join(folder, 'alone');
      const { lines, code } = await runUntil(['resume', run, '--json'], {
        steps: 2,
        act: (trainer) => trainer.kill('SIGINT'),
      });
      expect(code).toBe(130);
      const warnings = lines.filter(({ type }) => type === 'warning').map(({ message }) => message);
      expect(warnings.join()).toContain('was trained by 2 processes and resumes with 1');
    });
  },
);
