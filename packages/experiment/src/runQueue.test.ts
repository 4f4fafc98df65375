import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claimFileOf } from '@nonlocal-med/runs';
import { temporaryFolder, tinyMetrics } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { planExperiment } from './planExperiment.js';
import { type ClaimedRun, createRunQueue, type RunQueue } from './runQueue.js';
import { tinyExperiment, tinyOptions } from './testing/tinyExperiment.js';

const root = await temporaryFolder('run-queue');
const { runs } = planExperiment(tinyExperiment, tinyOptions);
const ignore = { onFinished: (): void => undefined };

async function finish(folder: string, run: (typeof runs)[number]): Promise<void> {
  const file = join(folder, run.folder, 'metrics.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(tinyMetrics()));
}

async function claimAll(queue: RunQueue): Promise<string[]> {
  const claimed: string[] = [];
  for (let next = await queue.next(); typeof next === 'object'; next = await queue.next())
    claimed.push(next.run.folder);
  return claimed;
}

describe('createRunQueue', () => {
  it('hands out each run once, in order, to concurrent callers', async () => {
    const queue = createRunQueue(join(root, 'once'), runs, ignore);
    const taken = await Promise.all(runs.map(() => queue.next()));
    expect(taken.map((one) => (one as ClaimedRun).run)).toEqual(runs);
    expect(await queue.next()).toBe('empty');
  });

  it('hands no run to two queues, and reports when all remaining runs are claimed elsewhere', async () => {
    const folder = join(root, 'shared');
    const [one, two] = [createRunQueue(folder, runs, ignore), createRunQueue(folder, runs, ignore)];
    const first = (await one.next()) as ClaimedRun;
    expect(await claimAll(two)).toEqual(runs.slice(1).map((run) => run.folder));
    expect(await two.next()).toBe('elsewhere');
    await one.done(first);
    expect(((await two.next()) as ClaimedRun).run).toBe(first.run);
  });

  it('skips and reports finished runs, including those that others finish meanwhile', async () => {
    const folder = join(root, 'finished');
    await finish(folder, runs[1]);
    const reported: string[] = [];
    const queue = createRunQueue(folder, runs, {
      onFinished: ({ folder: run }) => reported.push(run),
    });
    const other = createRunQueue(folder, [runs[2]], ignore);
    const others = (await other.next()) as ClaimedRun;
    expect(await claimAll(queue)).toEqual([runs[0].folder, runs[3].folder]);
    await finish(folder, runs[2]);
    await other.done(others);
    expect(await queue.next()).toBe('empty');
    expect(reported).toEqual([runs[1].folder, runs[2].folder]);
  });

  it('takes over the claim of a process that has died', async () => {
    const folder = join(root, 'crashed');
    const file = claimFileOf(folder, runs[0]);
    await createRunQueue(folder, runs.slice(0, 1), ignore).next();
    const own = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...own, pid: 2 ** 22 + 1, token: 'gone' }));
    expect(((await createRunQueue(folder, runs, ignore).next()) as ClaimedRun).run).toBe(runs[0]);
  });

  it("does not take over the fresh claim of another machine's process", async () => {
    const folder = join(root, 'remote');
    const file = claimFileOf(folder, runs[0]);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ host: 'another-machine', pid: 1, token: 'remote' }));
    expect(((await createRunQueue(folder, runs, ignore).next()) as ClaimedRun).run).toBe(runs[1]);
  });
});
