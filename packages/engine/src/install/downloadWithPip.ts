import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { runCommand } from '../runCommand.js';
import type { Pip } from './findPip.js';
import type { InstallProgress } from './installProgress.js';
import { pipFault } from './pipFault.js';
import type { WheelRequest } from './wheelRequest.js';

/** What to fetch, where to, and with which pip. */
export interface PipDownload {
  readonly pip: Pip;
  readonly request: WheelRequest;
  /** A folder to make; pip's temporary files go below it too, so that one file system needs the room. */
  readonly folder: string;
  readonly progress: InstallProgress;
}

/**
 * Fetches one wheel with the user's pip, so that its index, proxy, certificates and credentials apply. Pip compares it
 * with the hash that the index states.
 * @returns the wheel's path.
 * @throws UnavailableError with what pip said.
 */
export async function downloadWithPip({
  pip,
  request,
  folder,
  progress,
}: PipDownload): Promise<string> {
  const temporary = join(folder, 'temporary');
  const wheels = join(folder, 'wheels');
  await mkdir(temporary, { recursive: true });
  await mkdir(wheels);
  const timer = setInterval(() => {
    void sizeOfFiles(folder).then((bytes) =>
      progress.bytes(Math.min(bytes, request.size), request.size),
    );
  }, 250);
  try {
    const env = {
      ...process.env,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      PIP_REQUIRE_VIRTUALENV: '0',
      PIP_REQUIRE_HASHES: '0',
    };
    const { code, stdout, stderr } = await runCommand(
      pip.command,
      [...pip.args, ...downloadArguments(request, wheels)],
      { env },
    );
    if (code !== 0)
      throw new UnavailableError(
        `pip ${pip.version} could not fetch ${request.project}${request.versions}: ${pipFault(`${stdout}\n${stderr}`)}`,
      );
  } finally {
    clearInterval(timer);
  }
  const wheel = (await readdir(wheels)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined)
    throw new UnavailableError(
      `pip ${pip.version} ended well but left no wheel of ${request.project}`,
    );
  progress.bytes(request.size, request.size);
  return join(wheels, wheel);
}

function downloadArguments(
  { project, versions, python, platformTags }: WheelRequest,
  folder: string,
): string[] {
  return [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--progress-bar',
    'off',
    ...(process.env.PIP_RETRIES === undefined ? ['--retries', '2'] : []),
    '--implementation',
    'cp',
    '--python-version',
    python,
    '--abi',
    `cp${python}`,
    ...platformTags.flatMap((tag) => ['--platform', tag]),
    '--dest',
    folder,
    `${project}${versions}`,
  ];
}

async function sizeOfFiles(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}
