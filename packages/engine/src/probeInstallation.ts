import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { packageFolders } from './packageFolders.js';
import { runProcess } from './runProcess.js';
import type { SmokeTestResult } from './smokeTest.js';

/** The first start on a new GPU compiles machine code, which can take minutes. */
const TIMEOUT_MILLISECONDS = 15 * 60_000;

/** The result of the smoke test and what TensorFlow logged meanwhile. */
export interface ProbeResult extends SmokeTestResult {
  readonly log: string;
}

/**
 * Loads an installation and computes with it in a child process, because it may crash.
 * @throws UnavailableError with the last line that the child process wrote.
 */
export async function probeInstallation(
  folder: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ProbeResult> {
  const script = join(packageFolders.engine, 'dist', 'smokeTest.js');
  const { code, stdout, stderr } = await runProcess(process.execPath, [script, folder], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    timeout: TIMEOUT_MILLISECONDS,
  });
  const answer = stdout.trim().split('\n').at(-1) ?? '';
  if (code === 0 && answer.startsWith('{'))
    return { ...(JSON.parse(answer) as SmokeTestResult), log: stderr };
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  throw new UnavailableError(
    `TensorFlow does not work on this machine: ${lines.at(-1) ?? `the test exited with code ${code}`}`,
  );
}
