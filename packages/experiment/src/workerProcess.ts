import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '@nonlocal-med/core';
import { explainRun, resumeRun, type RunOutcome, startRun } from '@nonlocal-med/pipeline';
import { isRunFolder, runStatus } from '@nonlocal-med/runs';
import { measureStep } from './measureStep.js';
import type { WorkerMessage, WorkerRequest, WorkerResult, WorkerTask } from './workerMessages.js';

// Program of a worker process: executes one task of its parent process, and ends.
const controller = new AbortController();
const { signal } = controller;

process.on('message', (request: WorkerRequest) => {
  if (request.type === 'stop') controller.abort();
  else void handleTask(request);
});
// Without a parent nobody needs the result: write a checkpoint and end. So does a scheduler's SIGTERM. A terminal sends
// SIGINT and SIGHUP to the whole process group, but the parent decides what to do about them.
process.on('disconnect', () => controller.abort());
process.on('SIGTERM', () => controller.abort());
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

async function handleTask(task: WorkerTask): Promise<void> {
  try {
    await send(await executeTask(task));
  } catch (error) {
    const stopped =
      signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError');
    await send(stopped ? { type: 'outcome', reason: 'interrupted' } : failureOf(error as Error));
  }
  process.disconnect?.();
  process.exit();
}

function failureOf(error: Error): Extract<WorkerResult, { type: 'failed' }> {
  const { message } = error;
  const record = error instanceof InputError ? error.record : undefined;
  return { type: 'failed', message, ...(record === undefined ? {} : { record }) };
}

async function executeTask(task: WorkerTask): Promise<WorkerResult> {
  if (task.type === 'run') return { type: 'outcome', reason: await startOrResumeRun(task) };
  if (task.type === 'measure') return { type: 'cost', cost: await measureStep(task) };
  await explainRun({ folder: task.folder, images: task.images, weights: 'last', signal });
  return { type: 'outcome', reason: 'finished' };
}

async function startOrResumeRun({
  folder,
  config,
  loader,
}: Extract<WorkerTask, { type: 'run' }>): Promise<RunOutcome['reason']> {
  const options: Parameters<typeof resumeRun>[0] = {
    folder,
    signal,
    loader,
    onEvent: (event) => void send({ type: 'event', event }),
    onNote: (line) => void send({ type: 'note', line }),
  };
  if (!(await isRunFolder(folder))) return (await startRun(config, options)).reason;
  for (let reported = false; ; reported = true) {
    const { state, process: owner, evaluated } = await runStatus(folder);
    if (state === 'finished' && evaluated) return 'finished'; // completed by the process that was waited for
    if (state !== 'running') break;
    if (!reported)
      await send({
        type: 'note',
        line: `Waiting for process ${owner?.pid} on ${owner?.host}, which is still training ${folder}.`,
      });
    await wait(500, undefined, { signal });
  }
  return (await resumeRun({ ...options, known: config })).reason;
}

/** Sends a message to the parent process; resolves when it is sent, or if the parent is gone. */
function send(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });
}
