import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';

/** Exit code and output of a program. */
export interface ProcessResult {
  /** Exit code; -1 if the program could not be started or was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longer output of a stream is truncated at its beginning. */
const KEPT_CHARACTERS = 100_000;

/** Runs a program to its end and collects its output. Never throws: a missing program ends with code -1. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const output = { stdout: '', stderr: '' };
    const child = spawn(command, [...args], {
      windowsHide: true,
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout
      .setEncoding('utf8')
      .on(
        'data',
        (text: string) => (output.stdout = (output.stdout + text).slice(-KEPT_CHARACTERS)),
      );
    child.stderr
      .setEncoding('utf8')
      .on(
        'data',
        (text: string) => (output.stderr = (output.stderr + text).slice(-KEPT_CHARACTERS)),
      );
    child.on('error', (error) =>
      resolve({ code: -1, stdout: output.stdout, stderr: output.stderr + error.message }),
    );
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? -1,
        stdout: output.stdout,
        stderr: signal === null ? output.stderr : `${output.stderr}\nended by ${signal}`,
      }),
    );
  });
}
