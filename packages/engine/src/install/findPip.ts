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

/**
 * Versions that can fetch a wheel for Python 3.11 whatever their own: before 19.2 pip compared the wheel's Python with
 * its own, and from 20.1 to 20.3.1 it read 3.11 as 3.1.
 */
const USABLE: readonly { readonly from: string; readonly before?: string }[] = [
  { from: '19.2', before: '20.1' },
  { from: '20.3.2' },
];

/**
 * The first pip that answers and is usable; `undefined` where there is none.
 * @throws UnavailableError where only others are found.
 */
export async function findPip(env: NodeJS.ProcessEnv = process.env): Promise<Pip | undefined> {
  const unusable: string[] = [];
  for (const [command, ...args] of CANDIDATES) {
    const { code, stdout } = await runCommand(command, [...args, '--version'], { env });
    const version = /^pip (\S+)/m.exec(stdout)?.[1];
    if (code !== 0 || version === undefined) continue;
    if (isUsable(version)) return { command, args, version };
    unusable.push(version);
  }
  if (unusable.length === 0) return undefined;
  throw new UnavailableError(
    `pip ${unusable[0]} cannot fetch wheels for another Python (20.3.2 and newer can); run "python3 -m pip install --upgrade pip"`,
  );
}

function isUsable(version: string): boolean {
  const since = (bound: string): boolean =>
    version.localeCompare(bound, 'en', { numeric: true }) >= 0;
  return USABLE.some(({ from, before }) => since(from) && (before === undefined || !since(before)));
}
