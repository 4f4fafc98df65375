import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Commit of the checkout that this code runs from, marked when files differ from it; null where it is installed from a package. */
export async function sourceCommit(): Promise<string | null> {
  const cwd = dirname(fileURLToPath(import.meta.url));
  const git = async (...parameters: string[]): Promise<string> =>
    (await promisify(execFile)('git', parameters, { cwd })).stdout.trim();
  try {
    await git('ls-files', '--error-unmatch', '../../../experiment/package.json');
    const commit = await git('rev-parse', 'HEAD');
    return (await git('status', '--porcelain')) === '' ? commit : `${commit} with changes`;
  } catch {
    return null;
  }
}
