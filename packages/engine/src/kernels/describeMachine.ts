import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** What of a machine decides which kernel is the fastest. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly processor: string;
  /** The processor's abilities as the system names them, sorted; empty where it does not. */
  readonly flags: readonly string[];
}

/** This machine. */
export function describeMachine(): Machine {
  return {
    platform: process.platform,
    architecture: process.arch,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    flags: processorFlags(),
  };
}

/** Those of vectors and matrices; others change from one start of a virtual machine to the next. */
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
