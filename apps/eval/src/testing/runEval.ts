import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Exit code and output of the program. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as a user in `folder`. */
export function runEval(folder: string, ...parameters: readonly string[]): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [main, ...parameters],
      { cwd: tmpdir(), env: { ...process.env, INIT_CWD: folder, npm_package_json: undefined } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.code as unknown as number), stdout, stderr }),
    ),
  );
}

/**
 * What the program prints for a user in `folder`.
 * @throws Error with its messages if it fails
 */
export async function printEval(folder: string, ...parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runEval(folder, ...parameters);
  if (code !== 0) throw new Error(`${parameters.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

/** Text without line breaks, which depend on the lengths of names. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
