import { open, readFile } from 'node:fs/promises';
import type { TrainingEvent } from '@nonlocal-med/core';
import type { LoggedEvent } from './loggedEvent.js';

/** A run's `events.jsonl`, open for appending. */
export interface EventLog {
  /** Bytes so far, lines of other writers included. */
  size(): Promise<number>;
  /** Appends a line and hands it to the system at once: a killed process loses none that was written. */
  append(event: TrainingEvent): Promise<LoggedEvent>;
  /** Appends a line that was made before. */
  appendLine(line: string): Promise<void>;
  /** Drops everything after the first `bytes`. */
  truncate(bytes: number): Promise<void>;
  /** Makes what was appended durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a log (made if missing); an incomplete last line, left by a killed process, is dropped. */
export async function openEventLog(file: string): Promise<EventLog> {
  const handle = await open(file, 'a');
  const content = await readFile(file);
  const whole = content.lastIndexOf('\n') + 1;
  if (whole < content.length) await handle.truncate(whole);

  const size = async (): Promise<number> => (await handle.stat()).size;
  const appendLine = (line: string): Promise<void> => handle.appendFile(`${line}\n`);
  return {
    size,
    appendLine,
    async append(event) {
      const logged: LoggedEvent = { ...event, time: Date.now() };
      await appendLine(JSON.stringify(logged));
      return logged;
    },
    async truncate(bytes) {
      const before = await size();
      if (bytes > before) throw new RangeError(`truncate(${bytes}): ${file} has ${before} bytes.`);
      await handle.truncate(bytes);
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}
