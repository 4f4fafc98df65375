import type { InstallProgress } from '../install/installProgress.js';
import { formatBytes } from '../install/requireSpace.js';

/** Where progress is written. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/** Progress as one line that is rewritten on a terminal, and as a line every tenth when piped. */
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
