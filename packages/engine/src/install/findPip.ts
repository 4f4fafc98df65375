import { runCommand } from './runCommand.js';

/** A pip that answers. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

/** How pip may be called, in the order tried. */
const CANDIDATES: readonly (readonly string[])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['py', '-m', 'pip'],
];

/** The first pip that answers, of a virtual environment before the system's; `undefined` where there is none. */
export async function findPip(env: NodeJS.ProcessEnv = process.env): Promise<Pip | undefined> {
  for (const [command, ...args] of CANDIDATES) {
    const { code, stdout } = await runCommand(command, [...args, '--version'], { env });
    const version = /^pip (\S+)/m.exec(stdout)?.[1];
    if (code === 0 && version !== undefined) return { command, args, version };
  }
  return undefined;
}
