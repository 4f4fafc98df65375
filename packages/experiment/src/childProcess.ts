import { setTimeout as wait } from 'node:timers/promises';
import { explainRun, resumeRun, type RunOutcome, startRun } from '@nonlocal-med/pipeline';
import { isRunFolder, runStatus } from '@nonlocal-med/runs';
import type { ChildMessage, ChildOrder } from './childMessage.js';
import { measureStep } from './measureStep.js';

// The process of one run of an experiment: makes, measures or explains it, as its parent says, and ends with it.
const controller = new AbortController();
const { signal } = controller;

const say = (message: ChildMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });

async function makeRun({
  folder,
  config,
  loader,
}: Extract<ChildOrder, { type: 'run' }>): Promise<RunOutcome['reason']> {
  const listener = {
    signal,
    loader,
    onEvent: (event: Extract<ChildMessage, { type: 'event' }>['event']) =>
      void say({ type: 'event', event }),
    onNote: (line: string) => void say({ type: 'note', line }),
  };
  if (!(await isRunFolder(folder))) return (await startRun(config, { folder, ...listener })).reason;
  for (let said = false; ; said = true) {
    const { state, process: owner, evaluated } = await runStatus(folder);
    if (state === 'finished' && evaluated) return 'finished'; // by the process that was waited for
    if (state !== 'running') break;
    if (!said)
      await say({
        type: 'note',
        line: `Waiting for process ${owner?.pid} on ${owner?.host}, which still trains ${folder}.`,
      });
    await wait(500, undefined, { signal });
  }
  return (await resumeRun({ folder, ...listener })).reason;
}

async function resultOf(order: Exclude<ChildOrder, { type: 'stop' }>): Promise<ChildMessage> {
  if (order.type === 'run') return { type: 'outcome', reason: await makeRun(order) };
  if (order.type === 'measure') return { type: 'cost', cost: await measureStep(order) };
  await explainRun({ folder: order.folder, images: order.images, weights: 'last', signal });
  return { type: 'outcome', reason: 'finished' };
}

async function obey(order: Exclude<ChildOrder, { type: 'stop' }>): Promise<void> {
  try {
    await say(await resultOf(order));
  } catch (error) {
    const stopped =
      signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError');
    await say(
      stopped
        ? { type: 'outcome', reason: 'interrupted' }
        : { type: 'failed', message: (error as Error).message },
    );
  }
  process.disconnect?.();
  process.exit();
}

process.on('message', (order: ChildOrder) => {
  if (order.type === 'stop') controller.abort();
  else void obey(order);
});
// A parent that is gone cannot use what comes of this: save and end. What a terminal sends to the whole group is the parent's to decide.
process.on('disconnect', () => controller.abort());
process.on('SIGINT', () => undefined);
