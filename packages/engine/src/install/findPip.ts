import { UnavailableError } from '@nonlocal-med/core';
import { runProcess } from '../runProcess.js';

/** A pip that runs. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

/** Ways to call pip, in the order tried. The pip of an active virtual environment comes first in PATH. */
const CANDIDATES: readonly (readonly string[])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['py', '-m', 'pip'],
];

/**
 * Versions that can download a wheel for Python 3.11 under another Python: before 19.2 pip compared
 * the wheel's Python with its own, and from 20.1 to 20.3.1 it parsed 3.11 as 3.1.
 */
const USABLE: readonly { readonly from: string; readonly before?: string }[] = [
  { from: '19.2', before: '20.1' },
  { from: '20.3.2' },
];

/**
 * The first usable pip; `undefined` if there is no pip.
 * @throws UnavailableError if all pips found are unusable.
 */
export async function findPip(env: NodeJS.ProcessEnv = process.env): Promise<Pip | undefined> {
  const unusable: string[] = [];
  for (const [command, ...args] of CANDIDATES) {
    const { code, stdout } = await runProcess(command, [...args, '--version'], { env });
    const version = /^pip (\S+)/m.exec(stdout)?.[1];
    if (code !== 0 || version === undefined) continue;
    if (isUsable(version)) return { command, args, version };
    unusable.push(version);
  }
  if (unusable.length === 0) return undefined;
  throw new UnavailableError(
    `pip ${unusable[0]} cannot download wheels for another Python (20.3.2 and newer can); run "python3 -m pip install --upgrade pip"`,
  );
}

function isUsable(version: string): boolean {
  const since = (bound: string): boolean =>
    version.localeCompare(bound, 'en', { numeric: true }) >= 0;
  return USABLE.some(({ from, before }) => since(from) && (before === undefined || !since(before)));
}
