import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process';

/** How a program ended and what it printed. */
export interface CommandResult {
  /** Exit code; -1 when it could not be started or was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Output beyond this many characters a stream is cut from the front. */
const KEPT_CHARACTERS = 100_000;

/** Runs a program to its end and collects its output. Never throws: a program that is not there ends with code -1. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): Promise<CommandResult> {
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
