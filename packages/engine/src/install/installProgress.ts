import { formatBytes } from '@nonlocal-med/core';

/** Callbacks for the progress of an installation. */
export interface InstallProgress {
  /** Called with one line per step. */
  readonly line: (text: string) => void;
  /** Called a few times per second with the bytes downloaded so far. */
  readonly bytes: (done: number, total: number) => void;
}

/** Reports nothing. */
export const silent: InstallProgress = { line: () => undefined, bytes: () => undefined };

/** Where progress is written. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/** Writes progress as one line that is rewritten on a terminal, or as one line per tenth elsewhere. */
export function terminalProgress(stream: ProgressStream): InstallProgress {
  let open = false;
  let tenth = 0;
  return {
    line(text) {
      stream.write(`${open ? '\r\u001b[K' : ''}${text}\n`);
      open = false;
      tenth = 0;
    },
    bytes(done, total) {
      const text = `  ${formatBytes(done)} of ${formatBytes(total)}`;
      const reached = Math.floor((10 * done) / Math.max(total, 1));
      if (stream.isTTY === true) {
        stream.write(`\r\u001b[K${text}`);
        open = true;
      } else if (reached > tenth) {
        tenth = reached;
        stream.write(`${text}\n`);
      }
    },
  };
}
