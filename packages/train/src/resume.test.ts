import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRandom, type TrainingEvent } from '@nonlocal-med/core';
import { sha256 } from '@nonlocal-med/core/node';
import { readEvents } from '@nonlocal-med/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The built package in a child process, which can be killed (test/child/train.mjs). */
const program = fileURLToPath(new URL('../test/child/train.mjs', import.meta.url));
const engine = process.env.NONLOCAL_MED_REQUIRE_NATIVE === '1' ? 'native' : 'auto';
const STEPS = 20;
/** NONLOCAL_MED_SLOW=1 kills more often. */
const slow = process.env.NONLOCAL_MED_SLOW === '1';
const RESTARTED =
  'The run was interrupted before a checkpoint was written: training starts again at epoch 1';

let folder: string;
let reference: string;
let checkpointsOfReference: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-'));
  reference = join(folder, 'reference');
  await train(reference);
  checkpointsOfReference = (await log(reference)).filter(
    ({ type }) => type === 'checkpoint',
  ).length;
});
afterAll(() => rm(folder, { recursive: true }));

const environment = (extra: Record<string, string>): NodeJS.ProcessEnv => ({
  ...process.env,
  ENGINE: engine,
  ...extra,
});

/** Runs to the end, or until `extra` makes the process kill itself. */
async function train(run: string, extra: Record<string, string> = {}): Promise<TrainingEvent[]> {
  const result = await promisify(execFile)(process.execPath, [program, run], {
    env: environment(extra),
  }).catch((error: { signal?: string; stderr: string }) => {
    if (error.signal !== 'SIGKILL') throw error;
    return { stdout: '' };
  });
  return result.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TrainingEvent);
}

/** Runs until `stop` returns true, then sends a signal. Returns the events. */
async function trainUntil(
  run: string,
  signal: NodeJS.Signals,
  {
    stop,
    extra = {},
  }: {
    readonly stop: (event: TrainingEvent) => Promise<boolean> | boolean;
    readonly extra?: Record<string, string>;
  },
): Promise<TrainingEvent[]> {
  const child = spawn(process.execPath, [program, run], {
    env: environment({ PAUSE: '4', ...extra }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const events: TrainingEvent[] = [];
  for await (const line of createInterface(child.stdout)) {
    events.push(JSON.parse(line) as TrainingEvent);
    if (!child.killed && (await stop(events.at(-1)!))) child.kill(signal);
  }
  await exit;
  return events;
}

const log = (run: string): ReturnType<typeof readEvents> => readEvents(join(run, 'events.jsonl'));

/** The log without what differs between any two runs: times and memory, and the marks of a resume. */
async function story(run: string, without?: TrainingEvent['type']): Promise<unknown[]> {
  const events = await log(run);
  return events
    .filter(
      (event) =>
        event.type !== without &&
        (event.type !== 'start' || event.resumedAtStep === 0) &&
        (event.type !== 'warning' || !event.message.startsWith(RESTARTED)),
    )
    .map((event) =>
      Object.fromEntries(
        Object.entries(event).filter(
          ([name]) =>
            ![
              'time',
              'milliseconds',
              'waitMilliseconds',
              'seconds',
              'residentBytes',
              'tensors',
            ].includes(name),
        ),
      ),
    );
}

/** Hashes of weights and moments of the newest `last`, and of the best weights. */
async function hashes(run: string): Promise<string[]> {
  const newest = async (kind: string): Promise<string> => {
    const names = (await readdir(join(run, 'checkpoints', kind)))
      .filter((name) => !name.startsWith('.'))
      .sort();
    return join(run, 'checkpoints', kind, names.at(-1)!);
  };
  const files = [
    join(await newest('last'), 'weights.safetensors'),
    join(await newest('last'), 'optimizer.safetensors'),
    join(await newest('best'), 'weights.safetensors'),
  ];
  return Promise.all(files.map(async (file) => sha256(await readFile(file))));
}

async function expectSameAsReference(
  run: string,
  { storyWithout }: { storyWithout?: TrainingEvent['type'] } = {},
): Promise<void> {
  expect(await hashes(run)).toEqual(await hashes(reference));
  expect(await story(run, storyWithout)).toEqual(await story(reference, storyWithout));
  expect((await readdir(join(run, 'tensorboard'))).length).toBe(1);
}

describe('a run that is stopped', { timeout: 600_000 }, () => {
  it('has a meaningful reference', async () => {
    expect(checkpointsOfReference).toBeGreaterThan(STEPS);
    const again = join(folder, 'again');
    await train(again);
    await expectSameAsReference(again);
    const rarely = join(folder, 'rarely');
    await train(rarely, { EVERY_STEPS: '1000' });
    expect(await hashes(rarely)).toEqual(await hashes(reference)); // checkpoints do not touch the numbers
  });

  it('by kill -9 at random moments ends with the same bits, and its log reads as one run', async () => {
    const run = join(folder, 'killed');
    const random = createRandom(1, 'kills');
    let kills = 0;
    for (let finished = false; !finished;) {
      const delay = random.uniform(0, 120);
      let waiting = false;
      const events = await trainUntil(run, 'SIGKILL', {
        stop: async () => {
          if (waiting || kills >= (slow ? 6 : 4)) return false;
          waiting = true;
          await new Promise((done) => setTimeout(done, delay));
          return true;
        },
      });
      finished = events.at(-1)?.type === 'end';
      if (!finished) kills += 1;
    }
    expect(kills).toBeGreaterThan(2);
    await expectSameAsReference(run);
  });

  it('by kill -9 inside a checkpoint, at one change of the disk after the other, ends with the same bits', async () => {
    // A process makes about 8 changes before its first step and 36 for a checkpoint. Where it is killed while it holds
    // the guard of the run's lock (before the eighth), the next one waits 20 seconds: one of these calls must do.
    // By default every seventh call, which meets another file of the checkpoint each time.
    const every = slow ? 2 : 7;
    const run = join(folder, 'killed-inside');
    for (const call of [
      6,
      ...Array.from({ length: Math.ceil(48 / every) }, (_, i) => every * i + 8),
    ])
      await train(run, { KILL_AT_CALL: String(call) });
    const stopped = (await log(run)).findLast((event) => event.type === 'step')!;
    expect(stopped.step).toBeLessThan(STEPS);
    await train(run);
    await expectSameAsReference(run);
  });

  it('by kill -9 before its first checkpoint says so, in its log as well, and starts again', async () => {
    const run = join(folder, 'without-checkpoint');
    const rarely = { EVERY_STEPS: '1000' };
    await trainUntil(run, 'SIGKILL', {
      stop: (event) => event.type === 'step' && event.step >= 2,
      extra: rarely,
    });
    expect(await readdir(join(run, 'checkpoints'))).toEqual([]);
    const lost = (await log(run)).findLast((event) => event.type === 'step')!.step;
    const events = await train(run, rarely);
    const message = `${RESTARTED}, and ${lost} steps are repeated.`;
    expect(events[0]).toMatchObject({ type: 'start', resumedAtStep: 0 });
    expect(events[1]).toMatchObject({ type: 'warning', message });
    expect(await log(run)).toContainEqual(expect.objectContaining({ type: 'warning', message }));
    expect((await hashes(run)).slice(0, 2)).toEqual((await hashes(reference)).slice(0, 2));
    const again = await train(run, rarely);
    expect(again.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it('by Ctrl-C writes a checkpoint, reports it, and resumes with the same bits', async () => {
    const run = join(folder, 'interrupted');
    for (const step of [3, 5, 12]) {
      const events = await trainUntil(run, 'SIGINT', {
        stop: (event) => event.type === 'step' && event.step >= step,
      });
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'interrupted' });
      expect(events.at(-2)).toMatchObject({ type: 'checkpoint', kind: 'last' });
    }
    const events = await train(run);
    expect(events[0]).toMatchObject({ type: 'start' });
    expect((events[0] as { resumedAtStep: number }).resumedAtStep).toBeGreaterThanOrEqual(12);
    await expectSameAsReference(run, { storyWithout: 'checkpoint' });
  });

  it('with a damaged newest checkpoint resumes from the one before, reports it, and ends with the same bits', async () => {
    const run = join(folder, 'damaged');
    await trainUntil(run, 'SIGKILL', {
      stop: (event) => event.type === 'step' && event.step === 8,
    });
    const last = join(run, 'checkpoints', 'last');
    const newest = (await readdir(last))
      .filter((name) => !name.startsWith('.'))
      .sort()
      .at(-1)!;
    await writeFile(join(last, newest, 'weights.safetensors'), 'damaged');
    const events = await train(run);
    expect(events[1]).toMatchObject({
      type: 'warning',
      message: expect.stringContaining(newest) as string,
    });
    expect(await hashes(run)).toEqual(await hashes(reference));
  });

  it('after its end yields the end again and changes nothing', async () => {
    const run = join(folder, 'ended');
    await cp(reference, run, { recursive: true });
    const before = await readFile(join(run, 'events.jsonl'));
    expect((await train(run)).map(({ type }) => type)).toEqual(['end']);
    expect(await readFile(join(run, 'events.jsonl'))).toEqual(before);
    await expectSameAsReference(run);
  });
});
