import { resolve } from 'node:path';

/**
 * A path as the user meant it: relative to where they typed the command. Package managers run scripts in the package's
 * own folder and leave the folder of the call in `INIT_CWD`.
 */
export function resolveUserPath(path: string, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.INIT_CWD ?? process.cwd(), path);
}
