import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serve } from '../testing/serve.js';
import { downloadFile } from './downloadFile.js';

const content = Buffer.from('0123456789'.repeat(10_000));
const target = (): string => join(mkdtempSync(join(tmpdir(), 'download-')), 'file');

it('takes a broken connection up where it ended', async () => {
  const { url, close, requests } = await serve((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    if (from > 0) response.end(content.subarray(from));
    else
      response.write(content.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 50));
  });
  const file = target();
  const seen: number[] = [];
  await downloadFile(new URL(url), file, (done) => seen.push(done));
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(requests).toHaveLength(2);
  expect(seen.at(-1)).toBe(content.length);
  await close();
});

it('begins anew where the host cannot continue', async () => {
  let broken = false;
  const { url, close } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    if (broken) response.end(content);
    else
      response.write(content.subarray(0, 30_000), () => setTimeout(() => response.destroy(), 50));
    broken = true;
  });
  const file = target();
  await downloadFile(new URL(url), file);
  expect(readFileSync(file).equals(content)).toBe(true);
  await close();
});

it('gives up after three times, in one line', async () => {
  const { url, close, requests } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write('x', () => setTimeout(() => response.destroy(), 20));
  });
  await expect(downloadFile(new URL(`${url}/a.whl`), target())).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+\/a\.whl broke off 3 times \(.+\)$/,
  );
  expect(requests).toHaveLength(3);
  await close();
});
