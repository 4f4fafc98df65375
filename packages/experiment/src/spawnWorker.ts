import { fork } from 'node:child_process';
import { compiledFile } from '@nonlocal-med/core/node';
import type { WorkerMessage, WorkerRequest, WorkerResult, WorkerTask } from './workerMessages.js';

/** How a worker process ended. */
export interface WorkerExit {
  /** Absent if the process ended without a result. */
  readonly result?: WorkerResult;
  /** Exit code, or the signal that ended it. */
  readonly ended: number | string | null;
  /** The end of its standard error. */
  readonly errors: string;
}

/** Characters of standard error that are kept. */
const KEPT_CHARACTERS = 4000;

/**
 * Executes a task in a separate process, which has its own engine, returns its memory, and cannot take this process down.
 * If this process ends, the worker writes a checkpoint and ends too.
 * @param options.signal stops the task, with a checkpoint written
 */
export function spawnWorker(
  task: WorkerTask,
  {
    signal,
    onMessage,
  }: {
    readonly signal?: AbortSignal;
    readonly onMessage?: (message: Exclude<WorkerMessage, WorkerResult>) => void;
  } = {},
): Promise<WorkerExit> {
  const child = fork(compiledFile(import.meta.url, './workerProcess.js'), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    serialization: 'advanced',
  });
  let result: WorkerResult | undefined;
  let errors = '';
  const send = (request: WorkerRequest): void =>
    void (child.connected && child.send(request, () => undefined));
  const stop = (): void => send({ type: 'stop' });
  child
    .stderr!.setEncoding('utf8')
    .on('data', (text: string) => (errors = (errors + text).slice(-KEPT_CHARACTERS)));
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'event' || message.type === 'note') onMessage?.(message);
    else result = message;
  });
  return new Promise((resolve) => {
    const end = (ended: WorkerExit['ended']): void => {
      signal?.removeEventListener('abort', stop);
      resolve({ result, ended, errors });
    };
    child.on('error', (error) => {
      errors += error.message;
      if (child.pid === undefined) end(null);
    });
    child.on('close', (code, killedBy) => end(code ?? killedBy));
    signal?.addEventListener('abort', stop);
    send(task);
    if (signal?.aborted === true) stop();
  });
}

/** Why a worker process has no other result than a failure. */
export function describeFailure({ result, ended, errors }: WorkerExit): string {
  if (result?.type === 'failed') return result.message;
  const how =
    typeof ended === 'string'
      ? `its process was ended by ${ended}${ended === 'SIGKILL' ? ' (out of memory?)' : ''}`
      : `its process ended with code ${ended} and no message`;
  const lines = errors.trim().split('\n').slice(-3).join(' | ');
  return lines === '' ? how : `${how}: ${lines}`;
}
