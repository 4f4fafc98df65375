import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkerMessage, WorkerRequest } from './workerMessages.js';

/** How the process of a run ended. */
export interface WorkerResult {
  /** Its last word, if it had one. */
  readonly last?: Extract<WorkerMessage, { type: 'outcome' | 'cost' | 'failed' }>;
  /** Exit code, or the signal that ended it. */
  readonly ended: number | string | null;
  /** The end of what it wrote to standard error. */
  readonly errors: string;
}

/** Kept of standard error, characters. */
const KEPT = 4000;

/**
 * Does one piece of work in a process of its own: an engine of its own, memory that is given back, and a crash that
 * stays there. It ends with this process, after a checkpoint.
 */
export function spawnWorker(
  order: Exclude<WorkerRequest, { type: 'stop' }>,
  {
    signal,
    onMessage,
  }: { readonly signal?: AbortSignal; readonly onMessage?: (message: WorkerMessage) => void } = {},
): Promise<WorkerResult> {
  const child = fork(findChildFile(import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    serialization: 'advanced',
  });
  let last: WorkerResult['last'];
  let errors = '';
  const tell = (message: WorkerRequest): void =>
    void (child.connected && child.send(message, () => undefined));
  const stop = (): void => tell({ type: 'stop' });
  child
    .stderr!.setEncoding('utf8')
    .on('data', (text: string) => (errors = (errors + text).slice(-KEPT)));
  child.on('message', (message: WorkerMessage) => {
    if (message.type === 'outcome' || message.type === 'cost' || message.type === 'failed')
      last = message;
    else onMessage?.(message);
  });
  return new Promise((resolve) => {
    const end = (ended: WorkerResult['ended']): void => {
      signal?.removeEventListener('abort', stop);
      resolve({ last, ended, errors });
    };
    child.on('error', (error) => {
      errors += error.message;
      if (child.pid === undefined) end(null);
    });
    child.on('close', (code, killedBy) => end(code ?? killedBy));
    signal?.addEventListener('abort', stop);
    tell(order);
    if (signal?.aborted === true) stop();
  });
}

/** The compiled program beside this file; where this file runs as TypeScript source, the one in dist/. */
function findChildFile(here: string): string {
  const beside = fileURLToPath(new URL('./workerProcess.js', here));
  if (existsSync(beside)) return beside;
  const built = fileURLToPath(new URL('../dist/workerProcess.js', here));
  if (existsSync(built)) return built;
  throw new Error(
    `The program of a run is missing: neither "${beside}" nor "${built}" exists. Build the package first.`,
  );
}
