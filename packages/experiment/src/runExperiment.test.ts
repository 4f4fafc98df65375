import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InputError } from '@nonlocal-med/core';
import { claimFile } from '@nonlocal-med/core/node';
import { mergeOptions, type RawOptions } from '@nonlocal-med/pipeline';
import { claimFileOf } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeDicom, wordBytes } from '../../data/src/testing/encodeDicom.js';
import { openExperiment } from './openExperiment.js';
import { type ExperimentPlan, planExperiment } from './planExperiment.js';
import { prepareExperiment } from './prepareExperiment.js';
import {
  type ExperimentOutcome,
  runExperiment,
  type RunExperimentOptions,
} from './runExperiment.js';
import { spawnWorker } from './spawnWorker.js';
import { tinyExperiment, tinyOptions } from './testing/tinyExperiment.js';

const program = fileURLToPath(new URL('../test/child/experiment.mjs', import.meta.url));
const root = await temporaryFolder('run-experiment');
const { runs } = planExperiment(tinyExperiment, tinyOptions);
const results = ['predictions/test-last.csv', 'predictions/test-selected.csv', 'metrics.json'];

async function execute(
  plan: ExperimentPlan,
  options: RunExperimentOptions,
): Promise<ExperimentOutcome> {
  const { manifest, dataset } = await prepareExperiment(plan);
  await openExperiment(options.folder, plan, { manifest, dataset });
  return runExperiment(plan, options);
}

/** Runs the experiment in a separate process. */
async function inProcess(folder: string, killAt = ''): Promise<{ reason: string; made: string[] }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, folder, JSON.stringify(tinyExperiment), JSON.stringify(tinyOptions)],
    { env: { ...process.env, KILL_AT: killAt } },
  );
  return JSON.parse(stdout) as { reason: string; made: string[] };
}

async function expectSame(folder: string, reference: string): Promise<void> {
  for (const run of runs) {
    for (const file of results)
      expect(
        (await readFile(join(folder, run.folder, file))).equals(
          await readFile(join(reference, run.folder, file)),
        ),
        `${run.folder}/${file}`,
      ).toBe(true);
  }
}

describe('runExperiment', { timeout: 240_000 }, () => {
  const reference = join(root, 'reference');
  beforeAll(async () => {
    expect(await inProcess(reference)).toEqual({
      reason: 'finished',
      made: runs.map(({ folder }) => folder),
    });
  }, 240_000);

  it('leaves runs that another process executes to it, if it does not wait', async () => {
    const folder = join(root, 'elsewhere');
    await cp(reference, folder, { recursive: true });
    const left = runs.at(-1)!;
    await rm(join(folder, left.folder), { recursive: true });
    const claimed = await claimFile(claimFileOf(folder, left), {
      lockFolder: join(folder, 'claims'),
    });
    if (!('claim' in claimed)) throw new Error('the run is free');
    const plan = planExperiment(tinyExperiment, tinyOptions);
    expect(await execute(plan, { folder, wait: false })).toEqual({
      reason: 'elsewhere',
      failures: [],
    });
    await claimed.claim.release();
    expect((await execute(plan, { folder, wait: false })).reason).toBe('finished');
    await expectSame(folder, reference);
  });

  it('does not repeat a finished run', async () => {
    const states: string[] = [];
    const before = await readFile(join(reference, runs[0].folder, 'events.jsonl'));
    expect(
      (
        await execute(planExperiment(tinyExperiment, tinyOptions), {
          folder: reference,
          onRun: (_, state) => states.push(state),
        })
      ).reason,
    ).toBe('finished');
    expect(states).toEqual(runs.map(() => 'before'));
    expect((await readFile(join(reference, runs[0].folder, 'events.jsonl'))).equals(before)).toBe(
      true,
    );
  });

  it('accepts a run that another process has finished meanwhile', async () => {
    const [{ folder, config }] = runs;
    expect(
      await spawnWorker({ type: 'run', folder: join(reference, folder), config, loader: {} }),
    ).toMatchObject({ result: { type: 'outcome', reason: 'finished' }, ended: 0 });
  });

  const moments = ['step 3', 'end 2'];
  if (process.env.NONLOCAL_MED_SLOW === '1') moments.push('started 2');
  it.each(moments)('ends with the same results after being killed at %s', async (moment) => {
    const folder = join(root, `killed-${moment.replace(' ', '-')}`);
    await expect(inProcess(folder, moment)).rejects.toMatchObject({ signal: 'SIGKILL' });
    expect((await inProcess(folder)).reason).toBe('finished');
    await expectSame(folder, reference);
  });

  it('shares the runs between two processes without executing one twice', async () => {
    const folder = join(root, 'shared');
    const [one, two] = await Promise.all([inProcess(folder), inProcess(folder)]);
    expect([...one.made, ...two.made].sort()).toEqual(runs.map((run) => run.folder).sort());
    expect(Math.min(one.made.length, two.made.length)).toBeGreaterThan(0);
    await expectSame(folder, reference);
  });

  it('stops at the signal with a checkpoint, and resumes', async () => {
    const folder = join(root, 'stopped');
    const stop = new AbortController();
    const states: string[] = [];
    const outcome = await execute(planExperiment(tinyExperiment, tinyOptions), {
      folder,
      signal: stop.signal,
      onRun: (_, state) => states.push(state),
      onEvent: (_, { type }) => type === 'step' && stop.abort(),
    });
    expect(outcome).toEqual({ reason: 'interrupted', failures: [] });
    expect(states).toEqual(['started', 'interrupted']);
    expect((await inProcess(folder)).made).toContain(runs[0].folder);
    await expectSame(folder, reference);
  });

  it('records a failed run, continues with the others, and tries it again', async () => {
    const folder = join(root, 'failing');
    const weights = join(root, 'weights.safetensors');
    await writeFile(weights, 'not weights');
    const definition = {
      ...tinyExperiment,
      repeats: { count: 1 },
      rows: [
        {
          ...tinyExperiment.rows[0],
          options: mergeOptions(tinyExperiment.rows[0].options as RawOptions, {
            model: { weights },
          }),
        },
        tinyExperiment.rows[1],
      ],
    };
    const plan = planExperiment(definition, tinyOptions);
    const outcome = await execute(plan, { folder });
    expect(outcome.reason).toBe('failed');
    expect(outcome.failures).toEqual([
      {
        run: plan.runs[0],
        failure: expect.objectContaining({
          message: expect.stringContaining('weights.safetensors') as string,
        }) as object,
      },
    ]);
    const file = join(folder, `${plan.runs[0].folder}.failure.json`);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      message: expect.stringContaining('weights.safetensors') as string,
    });
    await cp(join(reference, runs[0].folder, 'model/weights.safetensors'), weights);
    const states: string[] = [];
    expect(
      (
        await execute(plan, {
          folder,
          onRun: ({ row }, state) => states.push(`${row.key} ${state}`),
        })
      ).reason,
    ).toBe('finished');
    expect(states.sort()).toEqual(['method before', 'small finished', 'small started']);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('keeps no name of a DICOM file that has become unreadable, but reports it', async () => {
    const images = join(root, 'radiographs');
    const file = (index: number): string =>
      join(images, index % 2 === 0 ? 'healthy' : 'disease', `Lovelace_${index}`);
    await Promise.all(
      ['healthy', 'disease'].map((name) => mkdir(join(images, name), { recursive: true })),
    );
    for (let index = 0; index < 20; index++)
      await writeFile(
        file(index),
        encodeDicom({
          rows: 8,
          columns: 8,
          elements: { '00080018': ['UI', `1.2.3.${index}`] },
          pixels: wordBytes(Array.from({ length: 64 }, (_, i) => i * index)),
        }),
      );
    const plan = planExperiment(
      { ...tinyExperiment, repeats: { count: 1 }, rows: [tinyExperiment.rows[0]] },
      { ...tinyOptions, data: { path: images } },
    );
    const { manifest, dataset } = await prepareExperiment(plan);
    const folder = join(root, 'unreadable');
    await openExperiment(folder, plan, { manifest, dataset });
    await truncate(file(7), 200);
    const { failures } = await runExperiment(plan, { folder });
    expect(failures[0].failure.message).toContain('Lovelace_7: the image cannot be used');
    const kept = await readFile(join(folder, `${plan.runs[0].folder}.failure.json`), 'utf8');
    expect(kept).toContain('1 problem with the images; data check shows it');
    expect(kept).not.toContain('Lovelace');
  });

  it('executes several runs concurrently', async () => {
    const folder = join(root, 'jobs');
    let active = 0;
    let most = 0;
    const outcome = await execute(
      planExperiment({ ...tinyExperiment, repeats: { count: 1 } }, tinyOptions),
      {
        folder,
        jobs: 2,
        onRun(_, state) {
          active += state === 'started' ? 1 : -1;
          most = Math.max(most, active);
        },
      },
    );
    expect(outcome.reason).toBe('finished');
    expect(most).toBe(2);
  });
});

describe('openExperiment', () => {
  const open = async (
    folder: string,
    options: RawOptions = tinyOptions,
    definition = tinyExperiment,
  ): Promise<void> => {
    const plan = planExperiment(definition, options);
    const { manifest, dataset } = await prepareExperiment(plan);
    await openExperiment(folder, plan, { manifest, dataset });
  };

  it('refuses a folder with other contents', async () => {
    const folder = join(root, 'foreign');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'thesis.tex'), '');
    await expect(open(folder)).rejects.toThrow(
      /foreign: is not an experiment: it contains thesis\.tex/,
    );
  });

  it('refuses runs with other options or images, but accepts options that affect no result', async () => {
    const folder = join(root, 'reference');
    const error = (await open(
      folder,
      mergeOptions(tinyOptions, { training: { epochs: 2 }, data: { images: 44 } }),
    ).catch((issue: unknown) => issue)) as InputError;
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(
      /runs\/small\/repeat-1: was started with training\.epochs 1, which is now 2 \(the original options, or another --out\)/,
    );
    expect(error.message).toMatch(
      /runs\/method\/repeat-2: was started on other images: fingerprint [0-9a-f]{12} then/,
    );
    await open(
      folder,
      mergeOptions(tinyOptions, { loader: { workers: 1 }, engine: { threads: 1 } }),
    );
  });

  it('accepts more repeats than before', async () => {
    const folder = join(root, 'reference');
    await open(folder, tinyOptions, { ...tinyExperiment, repeats: { count: 3 } });
    expect(
      (JSON.parse(await readFile(join(folder, 'experiment.json'), 'utf8')) as { runs: unknown[] })
        .runs,
    ).toHaveLength(6);
  });

  it('deletes stale partial files', async () => {
    const folder = join(root, 'leftover');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'experiment.json.123'), '{');
    await utimes(join(folder, 'experiment.json.123'), 0, 0);
    await open(folder);
  });
});
