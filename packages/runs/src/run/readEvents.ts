import { readFile } from 'node:fs/promises';
import type { LoggedEvent } from './loggedEvent.js';

/** The events of a run's log; a last line that a killed process left incomplete is left out. Empty where there is no log. */
export async function readEvents(file: string): Promise<LoggedEvent[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line) as LoggedEvent;
      } catch (error) {
        throw new Error(`${file}: line ${index + 1} is not JSON: ${(error as Error).message}`, {
          cause: error,
        });
      }
    });
}
