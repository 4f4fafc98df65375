import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '@nonlocal-med/core';
import { download, httpGet, redactUrl } from '@nonlocal-med/core/node';
import type { InstallProgress } from './installProgress.js';
import { type IndexFile, parseIndexPage } from './parseIndexPage.js';
import { selectWheel, type WheelRequest } from './selectWheel.js';

/** What to download and where to. */
export interface IndexDownload {
  readonly request: WheelRequest;
  /** A folder to create. */
  readonly folder: string;
  readonly progress: InstallProgress;
}

/**
 * Downloads one wheel without pip from the sources in pip's variables: folders in `PIP_FIND_LINKS`, then
 * the indexes in `PIP_INDEX_URL` and `PIP_EXTRA_INDEX_URL`, whose hashes are verified.
 * @returns the path of the wheel
 * @throws UnavailableError if no variable is set, or no source has the wheel.
 */
export async function downloadFromIndex(
  { request, folder, progress }: IndexDownload,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const words = (name: string): string[] =>
    (env[name] ?? '').split(/\s+/).filter((word) => word !== '');
  await mkdir(folder, { recursive: true });
  const local = await findLocally(request, words('PIP_FIND_LINKS'));
  if (local !== undefined) {
    const target = join(folder, local.name);
    await link(local.path, target).catch(() => copyFile(local.path, target));
    return target;
  }
  const indexes = env.PIP_NO_INDEX
    ? []
    : [...words('PIP_INDEX_URL'), ...words('PIP_EXTRA_INDEX_URL')];
  if (indexes.length === 0) {
    throw new UnavailableError(
      'no pip (looked for python3 -m pip, python -m pip, pip3, pip) and no PIP_INDEX_URL; install pip, or set PIP_INDEX_URL to the simple index of a Python package index',
    );
  }
  const issues: string[] = [];
  for (const index of indexes) {
    const found = await findOnIndex(request, index, env).catch((error: Error) => error);
    if (found instanceof Error) {
      issues.push(found.message);
      continue;
    }
    const file = join(folder, found.name);
    await download(found.url, {
      file,
      sha256: found.sha256,
      onProgress: (done, total) => progress.bytes(done, total ?? done),
      env,
    });
    return file;
  }
  throw new UnavailableError(
    `${request.project}${request.versions} could not be downloaded: ${issues.join('; ')}`,
  );
}

async function findLocally(
  request: WheelRequest,
  links: readonly string[],
): Promise<{ name: string; path: string } | undefined> {
  for (const link of links.filter((word) => !/^https?:/.test(word))) {
    const folder = link.startsWith('file:') ? fileURLToPath(link) : link;
    const files = await readdir(folder).catch(() => []);
    const found = selectWheel(
      files.map((name) => ({ name })),
      request,
    );
    if (found !== undefined) return { name: found.name, path: join(folder, found.name) };
  }
  return undefined;
}

const ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';

async function findOnIndex(
  request: WheelRequest,
  index: string,
  env: NodeJS.ProcessEnv,
): Promise<IndexFile> {
  if (!URL.canParse(index)) throw new UnavailableError('PIP_INDEX_URL is not a URL');
  const project = request.project.toLowerCase().replaceAll(/[-_.]+/g, '-');
  const root = new URL(index);
  const address = new URL(`${root.pathname.replace(/\/*$/, '')}/${project}/`, root);
  [address.username, address.password] = [root.username, root.password];
  const { url, headers, body } = await httpGet(address, { headers: { accept: ACCEPT }, env });
  const file = selectWheel(
    parseIndexPage(await text(body), { contentType: headers['content-type'], base: url }),
    request,
  );
  if (file === undefined)
    throw new UnavailableError(
      `${redactUrl(url)} has no wheel ${request.versions} for cp${request.python} on ${request.platformTags.join(' or ')}`,
    );
  if (file.url.origin === root.origin && file.url.username === '')
    [file.url.username, file.url.password] = [root.username, root.password];
  return file;
}
