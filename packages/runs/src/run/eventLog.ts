import { open, readFile } from 'node:fs/promises';
import type { TrainingEvent } from '@nonlocal-med/core';
import type { LoggedEvent } from './events.js';

/** A run's `events.jsonl`, open for appending. */
export interface EventLog {
  /** Size in bytes, including lines that others have written. */
  size(): Promise<number>;
  /** Appends a line and hands it to the operating system at once, so that a killed process loses none. */
  append(event: TrainingEvent): Promise<LoggedEvent>;
  /** Appends a line that was formatted before. */
  appendLine(line: string): Promise<void>;
  /** Drops everything after the first `bytes`. @throws RangeError when the log is shorter. */
  truncate(bytes: number): Promise<void>;
  /** Makes what was appended durable (fsync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a log, created if missing; an incomplete last line, left by a killed process, is dropped. */
export async function openEventLog(file: string): Promise<EventLog> {
  const handle = await open(file, 'a');
  const content = await readFile(file);
  const complete = content.lastIndexOf('\n') + 1;
  if (complete < content.length) await handle.truncate(complete);

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
