import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/** Memory that programs can still have, MiB: with what the system would give up of its caches, where it says so. */
export function availableMebibytes() {
  try {
    return Math.round(
      Number(/^MemAvailable:\s*(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1]) / 1024,
    );
  } catch {
    return Math.round(freemem() / 2 ** 20);
  }
}
