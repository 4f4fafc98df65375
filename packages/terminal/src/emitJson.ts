/** Writes one value as JSON and a newline to standard output: what `--json` prints. */
export function emitJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
