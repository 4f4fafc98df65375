import { runCommand } from '../runCommand.js';

/** A C++ compiler that answers. */
export interface Compiler {
  readonly command: string;
  /** First line of its `--version`. */
  readonly version: string;
}

/** `CXX`, then the usual names; `undefined` where none answers. */
export async function findCompiler(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Compiler | undefined> {
  for (const command of [env.CXX, 'g++', 'clang++', 'c++']) {
    if (!command) continue;
    const { code, stdout } = await runCommand(command, ['--version'], { env });
    if (code === 0) return { command, version: stdout.split('\n')[0].trim() };
  }
  return undefined;
}
