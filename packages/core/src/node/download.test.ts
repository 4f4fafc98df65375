import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { UnavailableError } from '../errors.js';
import { serve } from '../testing/serve.js';
import { download } from './download.js';
import { sha256 } from './files.js';

const content = Buffer.from('0123456789'.repeat(10_000));
const target = (): string => join(mkdtempSync(join(tmpdir(), 'download-')), 'file');
const env = {};

it('writes the file, reports progress and returns its size and hash', async () => {
  const { url } = await serve((_, response) =>
    response.writeHead(200, { 'content-length': content.length }).end(content),
  );
  const file = target();
  const progress: (readonly [number, number | undefined])[] = [];
  const downloaded = await download(url, {
    file,
    env,
    sha256: sha256(content).slice(0, 8).toUpperCase(),
    maxBytes: content.length,
    onProgress: (done, total) => progress.push([done, total]),
  });
  expect(downloaded).toEqual({ size: content.length, sha256: sha256(content) });
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(progress.at(-1)).toEqual([content.length, content.length]);
  expect(readdirSync(dirname(file))).toEqual(['file']);
});

/** Sends the first part of a body; returns what breaks the connection off, for when the part has arrived. */
const begin = (response: ServerResponse, part: string | Buffer): (() => void) => {
  response.write(part);
  return () => response.destroy();
};

it('resumes a connection that broke off', async () => {
  let breakOff = (): void => undefined;
  const { url, requests } = await serve((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    if (from > 0) response.end(content.subarray(from));
    else breakOff = begin(response, content.subarray(0, 30_000));
  });
  const file = target();
  const seen: number[] = [];
  await download(url, {
    file,
    env,
    sha256: sha256(content),
    onProgress(done) {
      if (seen.push(done) === 1) breakOff();
    },
  });
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(requests).toHaveLength(2);
  expect(seen.at(-1)).toBe(content.length);
});

it('starts again when the server cannot resume', async () => {
  let breakOff = (): void => undefined;
  const { url, requests } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    if (requests.length > 1) response.end(content);
    else breakOff = begin(response, content.subarray(0, 30_000));
  });
  const file = target();
  const downloaded = await download(url, { file, env, onProgress: () => breakOff() });
  expect(downloaded.sha256).toBe(sha256(content));
  expect(readFileSync(file).equals(content)).toBe(true);
});

it('gives up after three broken connections, in one line', async () => {
  let breakOff = (): void => undefined;
  const { url, requests } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    breakOff = begin(response, 'x');
  });
  const file = target();
  const options = { file, env, onProgress: () => breakOff() };
  await expect(download(`${url}/a.whl?token=1`, options)).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+\/a\.whl broke off 3 times \([^\n]+\)$/,
  );
  expect(requests).toHaveLength(3);
  expect(readdirSync(dirname(file))).toEqual([]);
});

it('keeps nothing of a file with another hash', async () => {
  const { url } = await serve((_, response) => response.end(content));
  const file = target();
  await expect(download(url, { file, env, sha256: '00ff' })).rejects.toThrow(
    new UnavailableError(`${url}/ has SHA-256 ${sha256(content)}, expected 00ff...`),
  );
  expect(readdirSync(dirname(file))).toEqual([]);
});

it.each([
  ['stated', { 'content-length': content.length }],
  ['received', {}],
])('refuses a file whose %s size is above the limit', async (_, headers) => {
  const { url, requests } = await serve((__, response) =>
    response.writeHead(200, headers).end(content),
  );
  const file = target();
  await expect(download(url, { file, env, maxBytes: 1000 })).rejects.toThrow(
    `${url}/ is larger than 1000 bytes`,
  );
  expect(requests).toHaveLength(1);
  expect(readdirSync(dirname(file))).toEqual([]);
});

it('rejects with the reason of a signal that is aborted during the transfer', async () => {
  const { url, requests } = await serve((_, response) => void response.write('x'));
  const controller = new AbortController();
  const file = target();
  await expect(
    download(url, {
      file,
      env,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('stopped by user')),
    }),
  ).rejects.toThrow('stopped by user');
  expect(requests).toHaveLength(1);
  expect(readdirSync(dirname(file))).toEqual([]);
});

it('passes an error of the file system on', async () => {
  const { url } = await serve((_, response) => response.end(content));
  await expect(download(url, { file: '/missing/folder/file', env })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
