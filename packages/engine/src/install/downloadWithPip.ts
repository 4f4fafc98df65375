import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import type { Pip } from './findPip.js';
import type { InstallProgress } from './installProgress.js';
import { runCommand } from './runCommand.js';

/** What to fetch, where to, and with which pip. */
export interface PipDownload {
  readonly pip: Pip;
  readonly release: Pick<TensorflowRelease, 'project' | 'version' | 'python' | 'platformTag' | 'size'>;
  /** An existing folder; pip's temporary files go below it too, so that one file system needs the room. */
  readonly folder: string;
  readonly progress: InstallProgress;
}

/**
 * Fetches one wheel with the user's pip, so that its index, proxy, certificates and credentials apply.
 * @returns the wheel's path.
 * @throws UnavailableError with pip's own last error line.
 */
export async function downloadWithPip({ pip, release, folder, progress }: PipDownload): Promise<string> {
  const temporary = join(folder, 'pip-temporary');
  const wheels = join(folder, 'wheels');
  await mkdir(temporary);
  await mkdir(wheels);
  const args = [
    ...pip.args, 'download', '--no-deps', '--only-binary=:all:', '--no-cache-dir', '--disable-pip-version-check', '--progress-bar', 'off',
    '--implementation', 'cp', '--python-version', release.python, '--abi', `cp${release.python}`, '--platform', release.platformTag,
    '--dest', wheels, `${release.project}==${release.version}`,
  ];
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, PIP_REQUIRE_VIRTUALENV: '0', PIP_REQUIRE_HASHES: '0', PYTHONUNBUFFERED: '1' };
  const timer = setInterval(() => {
    void sizeOfFiles(folder).then((bytes) => progress.bytes(Math.min(bytes, release.size), release.size));
  }, 250);
  try {
    const { code, stdout, stderr } = await runCommand(pip.command, args, { env });
    if (code !== 0) throw new UnavailableError(`pip ${pip.version} could not fetch ${release.project} ${release.version}: ${lastError(stderr, stdout)}`);
  } finally {
    clearInterval(timer);
  }
  const wheel = (await readdir(wheels)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new UnavailableError(`pip ${pip.version} ended well but left no wheel of ${release.project}`);
  progress.bytes(release.size, release.size);
  return join(wheels, wheel);
}

/** The line of pip's output that says what went wrong. */
function lastError(stderr: string, stdout: string): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const errors = lines.filter((line) => /^(ERROR|error|OSError|Could not|No matching)/.test(line) || line.includes('Errno'));
  return (errors.at(-1) ?? lines.at(-1) ?? 'it said nothing').replace(/^ERROR: /, '').replaceAll(/\/\/[^/@\s]+@/g, '//');
}

async function sizeOfFiles(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)).then(({ size }) => size, () => 0));
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}
