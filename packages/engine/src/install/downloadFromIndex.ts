import { copyFile, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '@nonlocal-med/core';
import { downloadFile } from './downloadFile.js';
import { hashFile } from './hashFile.js';
import { httpGet, shown } from './httpGet.js';
import type { InstallProgress } from './installProgress.js';
import { type IndexFile, parseIndexPage } from './parseIndexPage.js';
import { selectWheel } from './selectWheel.js';
import type { WheelRequest } from './wheelRequest.js';

/** What to fetch and where to. */
export interface IndexDownload {
  readonly request: WheelRequest;
  /** A folder to make. */
  readonly folder: string;
  readonly progress: InstallProgress;
}

/**
 * Fetches one wheel without pip, from where pip's own variables point: folders in `PIP_FIND_LINKS`, then the indexes in
 * `PIP_INDEX_URL` and `PIP_EXTRA_INDEX_URL`. What an index says of its hash is checked.
 * @returns the wheel's path.
 * @throws UnavailableError where no variable is set, or none of the places has it.
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
    const found = await findOnIndex(request, index).catch((error: Error) => error);
    if ('url' in found) return download(found, folder, progress);
    issues.push(found.message);
  }
  throw new UnavailableError(
    `${request.project}${request.versions} could not be fetched: ${issues.join('; ')}`,
  );
}

async function findLocally(
  request: WheelRequest,
  places: readonly string[],
): Promise<{ name: string; path: string } | undefined> {
  for (const place of places.filter((word) => !/^https?:/.test(word))) {
    const folder = place.startsWith('file:') ? fileURLToPath(place) : place;
    const files = await readdir(folder).catch(() => []);
    const found = selectWheel(
      files.map((name) => ({ name })),
      request,
    );
    if (found !== undefined) return { name: found.name, path: join(folder, found.name) };
  }
  return undefined;
}

async function findOnIndex(request: WheelRequest, index: string): Promise<IndexFile> {
  if (!URL.canParse(index)) throw new UnavailableError('PIP_INDEX_URL is not an address');
  const project = request.project.toLowerCase().replaceAll(/[-_.]+/g, '-');
  const root = new URL(index);
  const address = new URL(`${root.pathname.replace(/\/*$/, '')}/${project}/`, root);
  [address.username, address.password] = [root.username, root.password];
  const { url, headers, body } = await httpGet(address, {
    accept:
      'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1',
  });
  const file = selectWheel(
    parseIndexPage(await text(body), { contentType: headers['content-type'], base: url }),
    request,
  );
  if (file === undefined)
    throw new UnavailableError(
      `${shown(url)} has no wheel ${request.versions} for cp${request.python} on ${request.platformTags.join(' or ')}`,
    );
  if (file.url.origin === root.origin && file.url.username === '')
    [file.url.username, file.url.password] = [root.username, root.password];
  return file;
}

async function download(
  { name, url, sha256 }: IndexFile,
  folder: string,
  progress: InstallProgress,
): Promise<string> {
  const target = join(folder, name);
  await downloadFile(url, target, (done, total) => progress.bytes(done, total ?? done));
  const found = sha256 === undefined ? undefined : await hashFile(target);
  if (found !== sha256)
    throw new UnavailableError(`${shown(url)} has SHA-256 ${found}, its index says ${sha256}`);
  return target;
}
