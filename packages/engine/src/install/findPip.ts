import { UnavailableError } from '@nonlocal-med/core';
import { runCommand } from '../runCommand.js';

/** A pip that answers. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

/** How pip may be called, in the order tried: that of an active virtual environment comes first by PATH. */
const CANDIDATES: readonly (readonly string[])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['py', '-m', 'pip'],
];

/** Older ones compare a wheel's Python with their own instead of with the one asked for. */
const OLDEST = [19, 2] as const;

/**
 * The first pip that answers and is not too old; `undefined` where there is none.
 * @throws UnavailableError where only older ones are found.
 */
export async function findPip(env: NodeJS.ProcessEnv = process.env): Promise<Pip | undefined> {
  const tooOld: string[] = [];
  for (const [command, ...args] of CANDIDATES) {
    const { code, stdout } = await runCommand(command, [...args, '--version'], { env });
    const version = /^pip (\S+)/m.exec(stdout)?.[1];
    if (code !== 0 || version === undefined) continue;
    if (isRecent(version)) return { command, args, version };
    tooOld.push(version);
  }
  if (tooOld.length === 0) return undefined;
  throw new UnavailableError(`pip ${tooOld[0]} is too old (${OLDEST.join('.')} and newer work); run "python3 -m pip install --upgrade pip"`);
}

function isRecent(version: string): boolean {
  const [major, minor] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
