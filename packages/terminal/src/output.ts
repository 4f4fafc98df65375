/** Writes one value as JSON and a newline to standard output, the output of `--json`. */
export function emitJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Erases the line of the cursor, so that text can replace a progress bar. */
export const CLEAR_LINE = '\r\u001b[K';
