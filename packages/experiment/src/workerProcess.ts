import { setTimeout as wait } from 'node:timers/promises';
import { explainRun, resumeRun, type RunOutcome, startRun } from '@nonlocal-med/pipeline';
import { isRunFolder, runStatus } from '@nonlocal-med/runs';
import { measureStep } from './measureStep.js';
import type { WorkerMessage, WorkerRequest } from './workerMessages.js';

// The process of one run of an experiment: makes, measures or explains it, as its parent says, and ends with it.
const controller = new AbortController();
const { signal } = controller;

const send = (message: WorkerMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });

async function startOrResumeRun({
  folder,
  config,
  loader,
}: Extract<WorkerRequest, { type: 'run' }>): Promise<RunOutcome['reason']> {
  const listener = {
    signal,
    loader,
    onEvent: (event: Extract<WorkerMessage, { type: 'event' }>['event']) =>
      void send({ type: 'event', event }),
    onNote: (line: string) => void send({ type: 'note', line }),
  };
  if (!(await isRunFolder(folder))) return (await startRun(config, { folder, ...listener })).reason;
  for (let said = false; ; said = true) {
    const { state, process: owner, evaluated } = await runStatus(folder);
    if (state === 'finished' && evaluated) return 'finished'; // by the process that was waited for
    if (state !== 'running') break;
    if (!said)
      await send({
        type: 'note',
        line: `Waiting for process ${owner?.pid} on ${owner?.host}, which still trains ${folder}.`,
      });
    await wait(500, undefined, { signal });
  }
  return (await resumeRun({ folder, ...listener })).reason;
}

async function resultOf(order: Exclude<WorkerRequest, { type: 'stop' }>): Promise<WorkerMessage> {
  if (order.type === 'run') return { type: 'outcome', reason: await startOrResumeRun(order) };
  if (order.type === 'measure') return { type: 'cost', cost: await measureStep(order) };
  await explainRun({ folder: order.folder, images: order.images, weights: 'last', signal });
  return { type: 'outcome', reason: 'finished' };
}

async function handleRequest(order: Exclude<WorkerRequest, { type: 'stop' }>): Promise<void> {
  try {
    await send(await resultOf(order));
  } catch (error) {
    const stopped =
      signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError');
    await send(
      stopped
        ? { type: 'outcome', reason: 'interrupted' }
        : { type: 'failed', message: (error as Error).message },
    );
  }
  process.disconnect?.();
  process.exit();
}

process.on('message', (order: WorkerRequest) => {
  if (order.type === 'stop') controller.abort();
  else void handleRequest(order);
});
// A parent that is gone cannot use what comes of this: save and end. What a terminal sends to the whole group is the parent's to decide.
process.on('disconnect', () => controller.abort());
process.on('SIGINT', () => undefined);
