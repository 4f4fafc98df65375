import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { packageFolders } from './packageFolders.js';
import { runCommand } from './runCommand.js';
import type { SmokeTestResult } from './smokeTest.js';

/** A first start on a new GPU compiles its machine code, which can take minutes. */
const TIMEOUT_MILLISECONDS = 15 * 60_000;

/** The smoke test's answer with what TensorFlow wrote to its log on the way. */
export interface ProbeResult extends SmokeTestResult {
  readonly log: string;
}

/**
 * Loads an installation and computes with it in a process of its own, which may crash.
 * @throws UnavailableError with the last line that the process wrote.
 */
export async function probeInstallation(
  folder: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ProbeResult> {
  const script = join(packageFolders.engine, 'dist', 'runSmokeTest.js');
  const { code, stdout, stderr } = await runCommand(process.execPath, [script, folder], {
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
    `TensorFlow does not work on this machine: ${lines.at(-1) ?? `its test ended with code ${code}`}`,
  );
}
