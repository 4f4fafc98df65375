import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256 } from '@nonlocal-med/core/node';
import { afterEach, expect, it } from 'vitest';
import { writeInto } from '../testing/buildWheel.js';
import { fakeRelease } from '../testing/fakeRelease.js';
import { serve, type TestServer } from '../testing/serve.js';
import { downloadFromIndex } from './downloadFromIndex.js';
import { silent } from './installProgress.js';

const { release, wheel, name } = fakeRelease();
const folder = (): string => join(mkdtempSync(join(tmpdir(), 'index-')), 'wheels');
const fetchWith = (env: NodeJS.ProcessEnv): Promise<string> =>
  downloadFromIndex({ request: release.request, folder: folder(), progress: silent }, env);
const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serveIndex({ stated = sha256(wheel), password = '' } = {}): Promise<TestServer> {
  const server = await serve((request, response) => {
    if (
      password !== '' &&
      request.headers.authorization !== `Basic ${Buffer.from(`me:${password}`).toString('base64')}`
    )
      return response.writeHead(401, 'Unauthorized').end();
    if (request.url === '/simple/tiny-flow/')
      return response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<a href="../../files/${name}#sha256=${stated}">${name}</a>`);
    if (request.url === `/files/${name}`) return response.end(wheel);
    return response.writeHead(404, 'Not Found').end();
  });
  servers.push(server);
  return server;
}

it('finds the wheel on the index page, with and without a trailing slash in the URL', async () => {
  const { url } = await serveIndex();
  for (const end of ['/simple', '/simple/']) {
    const file = await fetchWith({ PIP_INDEX_URL: url + end });
    expect(basename(file)).toBe(name);
    expect(readFileSync(file).equals(wheel)).toBe(true);
  }
});

it('sends the credentials in the URL for page and file', async () => {
  const { url } = await serveIndex({ password: 'pw' });
  expect(
    basename(await fetchWith({ PIP_INDEX_URL: `${url.replace('//', '//me:pw@')}/simple` })),
  ).toBe(name);
  await expect(fetchWith({ PIP_INDEX_URL: `${url}/simple` })).rejects.toThrow(
    `tiny-flow==1.0 could not be downloaded: ${url}/simple/tiny-flow/ answered 401 Unauthorized`,
  );
});

it('tries the extra index, and reports every failure', async () => {
  const { url } = await serveIndex();
  expect(
    basename(
      await fetchWith({ PIP_INDEX_URL: `${url}/empty`, PIP_EXTRA_INDEX_URL: `${url}/simple` }),
    ),
  ).toBe(name);
  await expect(
    fetchWith({ PIP_INDEX_URL: `${url}/empty`, PIP_EXTRA_INDEX_URL: `${url}/none` }),
  ).rejects.toThrow(/empty\/tiny-flow\/ answered 404 Not Found; .*none\/tiny-flow\/ answered 404/);
});

it('rejects a file with another hash than the index lists', async () => {
  const { url } = await serveIndex({ stated: '00'.repeat(32) });
  await expect(fetchWith({ PIP_INDEX_URL: `${url}/simple` })).rejects.toThrow(
    `has SHA-256 ${sha256(wheel)}, expected 0000`,
  );
});

it('prefers a wheel from a folder, also without an index', async () => {
  const place = mkdtempSync(join(tmpdir(), 'links-'));
  writeInto(place, name, wheel);
  for (const link of [place, pathToFileURL(place).href]) {
    expect(
      readFileSync(await fetchWith({ PIP_FIND_LINKS: `/none ${link}`, PIP_NO_INDEX: '1' })).equals(
        wheel,
      ),
    ).toBe(true);
  }
});

it('reports what is missing if nothing is set', async () => {
  await expect(fetchWith({})).rejects.toThrow(
    'no pip (looked for python3 -m pip, python -m pip, pip3, pip) and no PIP_INDEX_URL; install pip, or set PIP_INDEX_URL',
  );
  await expect(fetchWith({ PIP_INDEX_URL: 'nonsense' })).rejects.toThrow(
    'PIP_INDEX_URL is not a URL',
  );
});
