import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { runProcess } from '../runProcess.js';
import type { Pip } from './findPip.js';
import type { InstallProgress } from './installProgress.js';
import type { WheelRequest } from './selectWheel.js';

/** What to download, where to, and with which pip. */
interface PipDownload {
  readonly pip: Pip;
  readonly request: WheelRequest;
  /** A folder to create. It also holds pip's temporary files, so that only its file system needs the space. */
  readonly folder: string;
  readonly progress: InstallProgress;
}

/**
 * Downloads one wheel with the user's pip, so that its index, proxy, certificates and credentials
 * apply. Pip verifies the hash that the index lists.
 * @returns the path of the wheel
 * @throws UnavailableError with pip's error message.
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
    const { code, stdout, stderr } = await runProcess(
      pip.command,
      [...pip.args, ...downloadArguments(request, wheels)],
      { env },
    );
    if (code !== 0)
      throw new UnavailableError(
        `pip ${pip.version} could not download ${request.project}${request.versions}: ${explainPipFailure(`${stdout}\n${stderr}`)}`,
      );
  } finally {
    clearInterval(timer);
  }
  const wheel = (await readdir(wheels)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined)
    throw new UnavailableError(
      `pip ${pip.version} succeeded but left no wheel of ${request.project}`,
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

/** What pip prints if it cannot reach its index; the first group is the reason. */
const CONNECTION = [
  /Failed to establish a new connection: (?:\[Errno [^\]]*\] )?([^'"\n]*?)['")]/,
  /(Failed to resolve '[^']*')/,
  /ProxyError\('([^']*)'/,
  /(\[SSL: [A-Z_]+\][^('"\n]*)/,
  /(Connection to \S+ timed out|Read timed out)/,
  /(Connection (?:refused|reset by peer|aborted))/,
];

/** The reason for a failure from pip's output, in one line and without credentials. */
export function explainPipFailure(output: string): string {
  const text = output.replaceAll(/\/\/[^/@\s]+@/g, '//');
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter(
    (line) => /^(ERROR|error|OSError|Could not|No matching)/.test(line) || line.includes('[Errno'),
  );
  const unreachable = CONNECTION.map((pattern) => pattern.exec(text)?.[1]).find(
    (reason) => reason !== undefined,
  );
  if (unreachable !== undefined && !text.includes('No space left'))
    return `the package index cannot be reached (${unreachable.trim()})`;
  const full = lines.find((line) => line.includes('No space left'));
  return (full ?? errors.at(-1) ?? lines.at(-1) ?? 'no output').replace(/^ERROR: /, '');
}
