import { readFile } from 'node:fs/promises';
import type { EventLog } from '@nonlocal-med/runs';
import type { Checkpoint } from '../checkpoint/checkpoint.js';

/**
 * Puts a log back to where it stood when a checkpoint had been written; without a checkpoint, to before the first
 * `start`. A log that has lost lines since is left as it is.
 */
export async function rewindLog(
  log: EventLog,
  { file, to }: { file: string; to: Checkpoint['log'] },
): Promise<void> {
  if (to === undefined) return log.truncate(await bytesBeforeStart(file));
  if ((await log.size()) >= to.bytes) await log.truncate(to.bytes);
  await log.appendLine(to.line);
}

async function bytesBeforeStart(file: string): Promise<number> {
  let bytes = 0;
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line === '' || (JSON.parse(line) as { type: string }).type === 'start') break;
    bytes += Buffer.byteLength(line) + 1;
  }
  return bytes;
}
