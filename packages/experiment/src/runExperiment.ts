import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { formatBytes, type TrainingEvent } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { RunConfig } from '@nonlocal-med/pipeline';
import { experimentFiles, failureFileOf, isFinished, type RunFailure } from '@nonlocal-med/runs';
import { createMemoryLimiter, type MemoryLimiter } from './memoryLimiter.js';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';
import { type ClaimedRun, createRunQueue, type RunQueue } from './runQueue.js';
import { describeFailure, spawnWorker } from './spawnWorker.js';

/** How a program follows an experiment; all callbacks are optional. */
export interface ExperimentListener {
  readonly onNote?: (line: string, run?: PlannedRun) => void;
  /** `before`: the run was already finished. `elsewhere`: another process finished it meanwhile. */
  readonly onRun?: (
    run: PlannedRun,
    state: 'started' | 'finished' | 'interrupted' | 'failed' | 'before' | 'elsewhere',
    message?: string,
  ) => void;
  readonly onEvent?: (run: PlannedRun, event: TrainingEvent) => void;
  /** Called while all remaining runs are being executed by other processes. */
  readonly onWaiting?: () => void;
}

/** Where and how an experiment is executed. */
export interface RunExperimentOptions extends ExperimentListener {
  /** A folder opened for the plan with `openExperiment`. */
  readonly folder: string;
  /** Number of concurrent runs, while there is memory for them; default 1. */
  readonly jobs?: number;
  /** Runs of the plan to execute; default: all. */
  readonly runs?: readonly PlannedRun[];
  /** Whether to wait for runs that other processes are executing, and to take over those that they give up; default true. */
  readonly wait?: boolean;
  /** Stops all runs after their current step, with checkpoints written. */
  readonly signal?: AbortSignal;
}

/** How a call of {@link runExperiment} ended. */
export interface ExperimentOutcome {
  /** `elsewhere`: other processes are still executing runs that this call did not wait for. */
  readonly reason: 'finished' | 'failed' | 'interrupted' | 'elsewhere';
  readonly failures: readonly { readonly run: PlannedRun; readonly failure: RunFailure }[];
}

/** Interval at which runs of other processes are checked, in milliseconds. */
const POLL_INTERVAL = 2000;
/** Interval at which the claim of a run is renewed, in milliseconds. */
const RENEWAL_INTERVAL = 60_000;

/**
 * Executes all unfinished runs of a plan, each in a separate process. It can be stopped or killed at any moment and called
 * again: finished runs are skipped, unfinished ones are resumed bit for bit, and failed ones are tried again. Several
 * processes can work on one folder at the same time.
 */
export async function runExperiment(
  plan: ExperimentPlan,
  { folder, jobs = 1, runs = plan.runs, wait = true, signal, ...listener }: RunExperimentOptions,
): Promise<ExperimentOutcome> {
  const before = new Set<PlannedRun>();
  for (const run of runs) if (await isFinished(folder, run)) before.add(run);
  const queue = createRunQueue(folder, runs, {
    onFinished: (run) => listener.onRun?.(run, before.has(run) ? 'before' : 'elsewhere'),
  });
  const memory = createMemoryLimiter({
    onWait: (needed, available) =>
      listener.onNote?.(
        `Another run is waiting for memory: it needs about ${formatBytes(needed)}, and ${formatBytes(available)} are available.`,
      ),
  });
  const failures: { run: PlannedRun; failure: RunFailure }[] = [];
  const worker = { folder, jobs, queue, memory, wait, signal, listener, failures };
  await Promise.all(Array.from({ length: jobs }, () => executeRuns(worker)));
  if (signal?.aborted === true) return { reason: 'interrupted', failures };
  if (failures.length > 0) return { reason: 'failed', failures };
  if (!wait && !(await areFinished(folder, runs))) return { reason: 'elsewhere', failures };
  if (runs.length === plan.runs.length)
    await rm(join(folder, experimentFiles.cache), { recursive: true, force: true });
  return { reason: 'finished', failures };
}

async function areFinished(folder: string, runs: readonly PlannedRun[]): Promise<boolean> {
  for (const run of runs) if (!(await isFinished(folder, run))) return false;
  return true;
}

/** State that all concurrent jobs share. */
interface Worker {
  readonly folder: string;
  readonly jobs: number;
  readonly queue: RunQueue;
  readonly memory: MemoryLimiter;
  readonly wait: boolean;
  readonly signal?: AbortSignal;
  readonly listener: ExperimentListener;
  readonly failures: { run: PlannedRun; failure: RunFailure }[];
}

/** Executes one run after the other until the queue is empty. */
async function executeRuns(worker: Worker): Promise<void> {
  const { queue, signal, listener } = worker;
  while (signal?.aborted !== true) {
    const claimed = await queue.next();
    if (claimed === 'empty') return;
    if (claimed === 'elsewhere') {
      if (!worker.wait) return;
      listener.onWaiting?.();
      await delay(POLL_INTERVAL, undefined, { signal }).catch(() => undefined);
      continue;
    }
    try {
      await executeWithinMemory(worker, claimed);
    } finally {
      await queue.done(claimed);
    }
  }
}

/** Executes a run once there is memory for it, and renews its claim until then and while it runs. */
async function executeWithinMemory(worker: Worker, { run, claim }: ClaimedRun): Promise<void> {
  const { memory } = worker;
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, ...(worker.signal ? [worker.signal] : [])]);
  const renewal = setInterval(
    () => void claim.renew().catch((error: unknown) => lost.abort(error)),
    RENEWAL_INTERVAL,
  ).unref();
  try {
    const admitted = await memory.acquire(signal).then(
      () => true,
      () => false,
    );
    if (!admitted) return;
    try {
      if (!signal.aborted) await executeRun(worker, { run, claim, signal });
    } finally {
      memory.release();
    }
  } finally {
    clearInterval(renewal);
  }
}

/** Executes a run in a worker process, and records its failure if there is one. */
async function executeRun(
  worker: Worker,
  { run, claim, signal }: ClaimedRun & { readonly signal: AbortSignal },
): Promise<void> {
  const { folder, memory, listener, failures } = worker;
  const task = {
    type: 'run',
    folder: join(folder, run.folder),
    config: withSharedCores(run.config, worker),
    loader: sharedCache(run.config, worker),
  } as const;
  listener.onRun?.(run, 'started');
  const exit = await spawnWorker(task, {
    signal,
    onMessage(message) {
      if (message.type === 'note') return listener.onNote?.(message.line, run);
      if (message.event.type === 'epoch') memory.observe(message.event.residentBytes);
      listener.onEvent?.(run, message.event);
    },
  });
  const { result, ended } = exit;
  const failureFile = failureFileOf(folder, run);
  const loss = await claim.check().catch((error: Error) => error.message);
  if (loss !== undefined) return listener.onNote?.(loss, run); // the run is the other process's now
  const interrupted = result?.type === 'outcome' && result.reason === 'interrupted';
  if (interrupted && signal.aborted) return listener.onRun?.(run, 'interrupted');
  if (result?.type === 'outcome' && (await isFinished(folder, run))) {
    await rm(failureFile, { force: true });
    return listener.onRun?.(run, 'finished');
  }
  const message = interrupted
    ? 'its process was asked to end (SIGTERM) and saved a checkpoint; the experiment resumes from it'
    : describeFailure(exit);
  const failure = { message, time: new Date().toISOString(), ended };
  failures.push({ run, failure });
  await mkdir(dirname(failureFile), { recursive: true });
  const record = result?.type === 'failed' ? (result.record ?? message) : message;
  await writeAtomic(failureFile, `${JSON.stringify({ ...failure, message: record }, null, 2)}\n`);
  listener.onRun?.(run, 'failed', failure.message);
}

/** Concurrent runs share the cores, unless the configuration sets the number of threads. */
function withSharedCores(config: RunConfig, { jobs }: Worker): RunConfig {
  if (config.engine.threads !== undefined || jobs === 1) return config;
  const threads = Math.max(1, Math.floor(availableParallelism() / jobs));
  return { ...config, engine: { ...config.engine, threads } };
}

/** All runs share a cache of prepared images, unless the configuration names one. */
function sharedCache(
  { data, loader }: RunConfig,
  { folder }: Worker,
): Partial<RunConfig['loader']> {
  return data.kind === 'tiny-lesions' || loader.cacheFolder !== undefined
    ? {}
    : { cacheFolder: join(folder, experimentFiles.cache) };
}
