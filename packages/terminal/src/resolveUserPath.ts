import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * A path as the user meant it: relative to where they typed the command. Package managers run a script in its package's
 * folder and leave the folder of the call in `INIT_CWD`; a program that such a script starts elsewhere has the same
 * variable but a folder of its own, which counts.
 */
export function resolveUserPath(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string {
  const { INIT_CWD: typedIn, npm_package_json: manifest } = env;
  const runAsScript =
    typedIn !== undefined &&
    typedIn !== '' &&
    (manifest === undefined || samePlace(dirname(manifest), cwd));
  return resolve(runAsScript ? typedIn : cwd, path);
}

function samePlace(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b;
  }
}
