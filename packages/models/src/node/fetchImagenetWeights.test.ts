import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { sha256 } from '@nonlocal-med/core/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ImagenetFile, imagenetFile } from '../weights/imagenetFile.js';
import { fetchImagenetWeights, fetchWeightFile } from './fetchImagenetWeights.js';

const bytes = new TextEncoder().encode('not really weights');
const sha256Prefix = sha256(bytes).slice(0, 8);

/** Serves the bytes at /models/net-00.pth and nothing else. */
const server: Server = createServer((request, response) => {
  if (request.url === '/models/net-00.pth') response.end(bytes);
  else response.writeHead(404).end();
});
let origin: string;
let file: ImagenetFile;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  file = { url: `${origin}/models/net-00.pth`, sha256Prefix };
});
afterAll(() => void server.close());

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'weights-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** No proxy. */
const env = {};
/** A file of a host that does not exist. */
const offline: ImagenetFile = { url: 'http://weights.invalid/models/net-00.pth', sha256Prefix };

describe('fetchWeightFile', () => {
  it('downloads once, reports its progress, and then takes the kept file', async () => {
    const lines: string[] = [];
    const onProgress = (line: string): number => lines.push(line);
    const first = await fetchWeightFile(file, { folder, env, onProgress });
    expect(new Uint8Array(readFileSync(first.path))).toEqual(bytes);
    expect(first.sha256).toBe(sha256(bytes));
    expect(await fetchWeightFile(offline, { folder, env, onProgress })).toEqual(first);
    expect(lines.map((line) => line.replaceAll(folder, 'F'))).toEqual([
      `downloading ImageNet weights from ${file.url}`,
      `saved ${join('F', 'net-00.pth')} (18 B, SHA-256 ${first.sha256})`,
      `ImageNet weights from ${join('F', 'net-00.pth')}`,
    ]);
  });

  it('downloads a damaged file again', async () => {
    writeFileSync(join(folder, 'net-00.pth'), 'half');
    expect((await fetchWeightFile(file, { folder, env })).sha256).toBe(sha256(bytes));
  });

  it.each([
    [
      'there is no network',
      () => offline,
      /^The ImageNet weights http:\/\/weights\.invalid\/models\/net-00\.pth cannot be downloaded \(.*\); download the file by other means and give its path\.$/,
    ],
    [
      'the server has no such file',
      () => ({ ...file, url: `${origin}/other.pth` }),
      /other\.pth answered 404/,
    ],
    [
      'the file has another hash',
      () => ({ ...file, sha256Prefix: '00000000' }),
      /net-00\.pth has SHA-256 [0-9a-f]{64}, expected 00000000\.\.\./,
    ],
  ])('fails with one line and keeps nothing when %s', async (_, source, message) => {
    const error = await fetchWeightFile(source(), { folder, env }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reports a folder that cannot be created', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(
      fetchWeightFile(file, { folder: join(folder, 'file', 'sub'), env }),
    ).rejects.toThrow(/cannot be kept in .*\((ENOTDIR|EEXIST)\)/);
  });
});

describe('imagenetFile', () => {
  // torchvision 0.29, resnet.py and shufflenetv2.py
  it.each([
    ['resnet18-nla', undefined, 'resnet18-f37072fd.pth'],
    ['resnet18-nla@e2', undefined, 'resnet18-f37072fd.pth'],
    ['shufflenetv2-nam', 0.5, 'shufflenetv2_x0.5-f707e7126e.pth'],
    ['shufflenetv2', undefined, 'shufflenetv2_x1-5666bf0f80.pth'],
    ['shufflenetv2', 1.5, 'shufflenetv2_x1_5-3c479a10.pth'],
    ['shufflenetv2', 2, 'shufflenetv2_x2_0-8be3c8ee.pth'],
  ])('is for %s at width %s the file %s', (name, width, expected) => {
    const { url, sha256Prefix } = imagenetFile(name, width);
    expect(url.endsWith(`/${expected}`)).toBe(true);
    expect(expected).toContain(sha256Prefix);
  });

  it('refuses an unknown model', async () => {
    await expect(fetchImagenetWeights('resnet50', { folder, env })).rejects.toThrow(
      /unknown model "resnet50"/,
    );
  });
});
