import { createHash } from 'node:crypto';
import { accessSync, appendFileSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineInfo } from './engineInfo.js';
import { installationsFolder } from './installation.js';

/** The kernel that computes each operation and shape on this machine, shared by all processes. The first choice is final. */
export interface KernelTable {
  /** File of the table. */
  readonly file: string;
  /** The kernel chosen for a key; undefined if none has been chosen yet. */
  readonly get: (key: string) => string | undefined;
  /**
   * Proposes a kernel for a key.
   * @returns the kernel to use from now on: the first that any process proposed; undefined if the
   *   file cannot be written
   */
  readonly settle: (key: string, kernel: string) => string | undefined;
}

/**
 * Opens the table for this machine, engine and version. The table is an append-only file of JSON lines
 * in the engine's cache folder. A line that a crash cut off is not valid JSON and is skipped; of
 * several lines for one key the first counts, so that no process has to wait for another. Deleting
 * the file has everything measured again.
 * @param version of the package whose kernels are chosen; every version has a separate table
 * @returns null if there is nothing to choose (wasm, a GPU) or the folder is not writable
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
  if (!createFile(file, machine)) return null;
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

/** Creates the folder and a first line that describes the machine. @returns whether the file is writable */
function createFile(file: string, machine: object): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch {
    return false;
  }
  return linesOf(file).some((line) => line.machine !== undefined) || append(file, { machine });
}

/** Appends a line in one write, after a line break that ends a line cut off by a crash. */
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

/** Every line that is a JSON object; none if the file does not exist. */
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

/** Properties of a machine that decide which kernel is fastest. */
interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly processor: string;
  /** The processor's features as the system names them, sorted; empty if unknown. */
  readonly flags: readonly string[];
}

function describeMachine(): Machine {
  return {
    platform: process.platform,
    architecture: process.arch,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    flags: processorFlags(),
  };
}

/** Vector and matrix features only; others change between starts of a virtual machine. */
function processorFlags(): string[] {
  try {
    const listed =
      /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    return listed
      .split(/\s+/)
      .filter((flag) => /^(avx|amx|sse4|fma|f16c|asimd|sve|sme|bf16|i8mm)/.test(flag))
      .sort();
  } catch {
    return [];
  }
}
