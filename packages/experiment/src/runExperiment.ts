import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TrainingEvent } from '@nonlocal-med/core';
import { type Claim, writeAtomic } from '@nonlocal-med/core/node';
import type { RunConfig } from '@nonlocal-med/pipeline';
import { experimentFiles, failureFileOf, isFinished, type RunFailure } from '@nonlocal-med/runs';
import { createMemoryLimiter, type MemoryLimiter } from './memoryLimiter.js';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';
import { type ClaimedRun, createRunQueue, type RunQueue } from './runQueue.js';
import { spawnWorker, type WorkerResult } from './spawnWorker.js';

/** What a program shows while an experiment is made; every call is optional. */
export interface ExperimentListener {
  readonly onNote?: (line: string, run?: PlannedRun) => void;
  /** `before`: it was finished when this call began. `elsewhere`: another process finished it. */
  readonly onRun?: (
    run: PlannedRun,
    state: 'started' | 'finished' | 'interrupted' | 'failed' | 'before' | 'elsewhere',
    message?: string,
  ) => void;
  readonly onEvent?: (run: PlannedRun, event: TrainingEvent) => void;
  /** All runs that are left are being made by other processes. */
  readonly onWaiting?: () => void;
}

/** Where and how an experiment is made. */
export interface RunExperimentOptions extends ExperimentListener {
  /** Opened for this plan; see `openExperiment`. */
  readonly folder: string;
  /** Runs at a time, while memory allows. */
  readonly jobs?: number;
  /** Only these runs of the plan. */
  readonly runs?: readonly PlannedRun[];
  /** Stops the runs at their next step, with a checkpoint each. */
  readonly signal?: AbortSignal;
}

/** How a call of {@link runExperiment} ended. */
export interface ExperimentOutcome {
  readonly reason: 'finished' | 'failed' | 'interrupted';
  readonly failures: readonly { readonly run: PlannedRun; readonly failure: RunFailure }[];
}

/** Looks that often whether other processes have finished what they do, milliseconds. */
const POLL = 2000;

/**
 * Makes all runs of a plan that are not finished, each in a process of its own, several at a time where that is wanted.
 * May be stopped or killed anywhere and called again: finished runs are not repeated, begun ones go on to the same bits,
 * failed ones are tried once more. Several processes may work on one folder at the same time.
 */
export async function runExperiment(
  plan: ExperimentPlan,
  { folder, jobs = 1, runs = plan.runs, signal, ...listener }: RunExperimentOptions,
): Promise<ExperimentOutcome> {
  const before = new Set<PlannedRun>();
  for (const run of runs) if (await isFinished(folder, run)) before.add(run);
  const queue = createRunQueue(folder, runs, {
    onFinished: (run) => listener.onRun?.(run, before.has(run) ? 'before' : 'elsewhere'),
  });
  const memory = createMemoryLimiter({
    onWait: (needed, bytes) =>
      listener.onNote?.(
        `Another run would need about ${gibibytes(needed)} of memory and ${gibibytes(bytes)} are available: it waits.`,
      ),
  });
  const failures: { run: PlannedRun; failure: RunFailure }[] = [];
  const worker = { folder, jobs, queue, memory, signal, listener, failures };
  await Promise.all(Array.from({ length: jobs }, () => executeRuns(worker)));
  if (signal?.aborted === true) return { reason: 'interrupted', failures };
  if (failures.length > 0) return { reason: 'failed', failures };
  if (runs.length === plan.runs.length)
    await rm(join(folder, experimentFiles.cache), { recursive: true, force: true });
  return { reason: 'finished', failures };
}

interface Worker {
  readonly folder: string;
  readonly jobs: number;
  readonly queue: RunQueue;
  readonly memory: MemoryLimiter;
  readonly signal?: AbortSignal;
  readonly listener: ExperimentListener;
  readonly failures: { run: PlannedRun; failure: RunFailure }[];
}

/** Takes run after run until none is left. */
async function executeRuns(worker: Worker): Promise<void> {
  const { queue, signal, listener } = worker;
  while (signal?.aborted !== true) {
    const taken = await queue.next();
    if (taken === 'empty') return;
    if (taken === 'elsewhere') {
      listener.onWaiting?.();
      await wait(POLL, undefined, { signal }).catch(() => undefined);
      continue;
    }
    try {
      await executeWhenMemoryAllows(worker, taken);
    } finally {
      await queue.done(taken);
    }
  }
}

/** Makes a run as soon as there is memory for it. Its claim is kept alive while it waits, too. */
async function executeWhenMemoryAllows(worker: Worker, { run, claim }: ClaimedRun): Promise<void> {
  const { memory, signal } = worker;
  const renewal = keepAlive(claim);
  try {
    if (
      !(await memory.enter(signal).then(
        () => true,
        () => false,
      ))
    )
      return;
    try {
      if (signal?.aborted !== true) await executeRun(worker, run);
    } finally {
      memory.leave();
    }
  } finally {
    clearInterval(renewal);
  }
}

async function executeRun(worker: Worker, run: PlannedRun): Promise<void> {
  const { folder, memory, signal, listener, failures } = worker;
  listener.onRun?.(run, 'started');
  const end = await spawnWorker(
    {
      type: 'run',
      folder: join(folder, run.folder),
      config: configOf(worker, run),
      loader: loaderOf(worker, run),
    },
    {
      signal,
      onMessage(message) {
        if (message.type === 'note') listener.onNote?.(message.line, run);
        if (message.type !== 'event') return;
        if (message.event.type === 'epoch') memory.observe(message.event.residentBytes);
        listener.onEvent?.(run, message.event);
      },
    },
  );
  const { last } = end;
  if (last?.type === 'outcome' && last.reason === 'interrupted')
    return listener.onRun?.(run, 'interrupted');
  if (last?.type === 'outcome' && (await isFinished(folder, run))) {
    await rm(failureFileOf(folder, run), { force: true });
    return listener.onRun?.(run, 'finished');
  }
  const failure = describeFailure(end);
  failures.push({ run, failure });
  await mkdir(dirname(failureFileOf(folder, run)), { recursive: true });
  await writeAtomic(failureFileOf(folder, run), `${JSON.stringify(failure, null, 2)}\n`);
  listener.onRun?.(run, 'failed', failure.message);
}

/** Runs beside each other share the cores. */
function configOf({ jobs }: Worker, { config }: PlannedRun): RunConfig {
  const threads =
    config.engine.threads ??
    (jobs > 1 ? Math.max(1, Math.floor(availableParallelism() / jobs)) : undefined);
  return threads === undefined ? config : { ...config, engine: { ...config.engine, threads } };
}

/** All runs share the prepared images, unless the user has a place for them. */
function loaderOf({ folder }: Worker, { config }: PlannedRun): Partial<RunConfig['loader']> {
  return config.data.kind === 'tiny-lesions' || config.loader.cacheFolder !== undefined
    ? {}
    : { cacheFolder: join(folder, experimentFiles.cache) };
}

function keepAlive(claim: Claim): NodeJS.Timeout {
  const timer = setInterval(() => void claim.renew().catch(() => undefined), 60_000);
  return timer.unref();
}

function describeFailure({ last, ended, errors }: WorkerResult): RunFailure {
  const said = last?.type === 'failed' ? last.message : undefined;
  const killed =
    typeof ended === 'string'
      ? `its process was ended by ${ended}${ended === 'SIGKILL' ? ' (out of memory?)' : ''}`
      : `its process ended with code ${ended} and said nothing`;
  return {
    message:
      said ??
      [killed, errors.trim().split('\n').slice(-3).join(' | ')]
        .filter((part) => part !== '')
        .join(': '),
    time: new Date().toISOString(),
    ended,
  };
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
