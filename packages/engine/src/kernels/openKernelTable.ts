import { createHash } from 'node:crypto';
import { accessSync, appendFileSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineInfo } from '../engineInfo.js';
import { installationsFolder } from '../installationFolder.js';
import { describeMachine } from './describeMachine.js';

/** Which kernel computes an operation at a shape on this machine, shared by all processes: the first choice stays. */
export interface KernelTable {
  /** Where the table is kept. */
  readonly file: string;
  /** The kernel that was settled on; undefined where there is none yet. */
  readonly get: (key: string) => string | undefined;
  /**
   * Offers a kernel for a key.
   * @returns what counts from now on: the first that any process offered; undefined where it cannot be written.
   */
  readonly settle: (key: string, kernel: string) => string | undefined;
}

/**
 * Opens the table that belongs to this machine, engine and version of what chooses. It is a file of JSON lines in the
 * engine's cache folder that only grows: an appended line is whole or, after a crash, no JSON and passed over; of several
 * for one key the first counts, so no process needs to wait for another. Deleting the file lets everything be measured
 * again.
 * @param version of the package whose kernels are chosen; another one has a table of its own
 * @returns null where there is nothing to choose (wasm, a GPU) or the folder cannot be written
 */
export function openKernelTable(engine: EngineInfo, version: string): KernelTable | null {
  if (engine.engine !== 'native' || engine.device !== 'cpu') return null;
  const machine = {
    ...describeMachine(),
    threads: engine.threads,
    device: engine.device,
    tensorflow: engine.tensorflow,
    oneDnn: engine.oneDnn,
    version,
  };
  const file = join(
    installationsFolder(),
    'kernels',
    `${createHash('sha256').update(JSON.stringify(machine)).digest('hex').slice(0, 16)}.jsonl`,
  );
  if (!begin(file, machine)) return null;
  let known = read(file);
  return {
    file,
    get: (key) => known.get(key),
    settle(key, kernel) {
      if (!append(file, { key, kernel })) return undefined;
      known = read(file);
      return known.get(key);
    },
  };
}

/** Makes the folder and a first line that says what the table is of. Whether it can be written. */
function begin(file: string, machine: object): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch {
    return false;
  }
  return linesOf(file).some((line) => line.machine !== undefined) || append(file, { machine });
}

/** One write of a whole line; an empty line before it ends one that a crash cut off. */
function append(file: string, line: object): boolean {
  try {
    appendFileSync(file, `\n${JSON.stringify(line)}\n`);
    return true;
  } catch {
    return false;
  }
}

interface Line {
  readonly key?: unknown;
  readonly kernel?: unknown;
  readonly machine?: unknown;
}

/** The first kernel of each key. */
function read(file: string): Map<string, string> {
  const known = new Map<string, string>();
  for (const { key, kernel } of linesOf(file)) {
    if (typeof key === 'string' && typeof kernel === 'string' && !known.has(key))
      known.set(key, kernel);
  }
  return known;
}

/** Every line that is an object in JSON; none where there is no file. */
function linesOf(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? [value] : [];
    } catch {
      return [];
    }
  });
}
