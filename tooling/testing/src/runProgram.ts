import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';

/** Exit code and output of a program. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Receives all output so far whenever there is more, and can send the program a signal. */
export type OnOutput = (text: string, kill: (signal: NodeJS.Signals) => void) => void;

/** What a program finds in its environment if a package manager starts it for a user in `folder`. */
const userIn = (folder: string) => ({ INIT_CWD: folder, npm_package_json: undefined });

/** How a program is called. */
export interface Call {
  /** The main module. */
  readonly file: string;
  readonly parameters: readonly string[];
  /** Where the user is. */
  readonly folder: string;
}

/** Starts a program in a process. */
export async function startProgram(
  { file, parameters, folder }: Call,
  onOutput?: OnOutput,
): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...parameters], {
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...userIn(folder) },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (data: Buffer) => {
      output[name] += data.toString();
      onOutput?.(output.stdout + output.stderr, (signal) => child.kill(signal));
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

let running = false;

/**
 * Runs a program in this process, one at a time: starting Node with TF.js and TensorFlow takes seconds of processor time.
 * @param main what its main module does; ends by `process.exit`, which ends nothing here
 */
export async function runInProcess(
  main: () => Promise<void>,
  { file, parameters, folder }: Call,
): Promise<Ended> {
  if (running) throw new Error('another program is running in this process');
  running = true;
  const listeners = listenersOf(process);
  const streams = [process.stdout, process.stderr] as readonly Stream[];
  const streamListeners = streams.map(listenersOf);
  const restoreEnvironment = changeEnvironment(userIn(folder));
  const outputs = streams.map(captureOutput);
  const exit = process.exit.bind(process);
  const { exitCode, argv } = process;
  process.exitCode = undefined;
  process.argv = [process.execPath, file, ...parameters];
  try {
    const ended = new Promise<number>((resolve) => {
      process.exit = ((code) => resolve(Number(code ?? 0))) as typeof process.exit;
    });
    await main();
    const code = await ended;
    const [stdout, stderr] = outputs.map(({ text }) => text());
    return { code, stdout, stderr };
  } finally {
    process.exit = exit;
    process.exitCode = exitCode;
    process.argv = argv;
    outputs.forEach(({ restore }) => restore());
    restoreEnvironment();
    removeOthers(process, listeners);
    streams.forEach((stream, index) => removeOthers(stream, streamListeners[index]));
    running = false;
  }
}

function changeEnvironment(changes: Readonly<Record<string, string | undefined>>): () => void {
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  for (const [name, value] of Object.entries(changes)) set(name, value);
  return () => before.forEach(([name, value]) => set(name, value));
}

/** A write function of a stream, whose overloads do not matter here. */
type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;
type Stream = NodeJS.EventEmitter & { write: Write };
interface Captured {
  /** Where the parts of the output go; undefined while no program runs. */
  parts?: string[];
  /** What the program made of the stream: it may have replaced the function, which it does once per process. */
  write: Write;
}
const captured = new WeakMap<Stream, Captured>();

/** From now until `restore`, what is written to a stream is kept. */
function captureOutput(stream: Stream): { text: () => string; restore: () => void } {
  const { write: original } = stream;
  const capture = captured.get(stream) ?? newCapture(original.bind(stream));
  captured.set(stream, capture);
  const parts: string[] = [];
  capture.parts = parts;
  stream.write = capture.write;
  return {
    text: () => parts.join(''),
    restore: () => {
      capture.parts = undefined;
      capture.write = (({ write }) => write)(stream);
      stream.write = original;
    },
  };
}

function newCapture(original: Write): Captured {
  const capture: Captured = {
    write: (chunk, ...rest) => {
      if (capture.parts === undefined) return original(chunk, ...rest);
      capture.parts.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = rest.at(-1);
      if (typeof done === 'function') queueMicrotask(done as () => void);
      return true;
    },
  };
  return capture;
}

type Emitter = Pick<NodeJS.EventEmitter, 'eventNames' | 'rawListeners' | 'removeListener'>;
type Listeners = ReadonlyMap<string | symbol, readonly unknown[]>;

const listenersOf = (emitter: Emitter): Listeners =>
  new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name)]));

function removeOthers(emitter: Emitter, before: Listeners): void {
  for (const [name, listeners] of listenersOf(emitter))
    for (const listener of listeners)
      if (before.get(name)?.includes(listener) !== true)
        emitter.removeListener(name, listener as () => void);
}
