import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imagenetFile } from '../weights/imagenetFile.js';
import { fetchImagenetWeights } from './fetchImagenetWeights.js';
import { fetchWeightFile } from './fetchWeightFile.js';

const bytes = new TextEncoder().encode('not really weights');
const file = {
  url: 'https://weights.invalid/models/net-00.pth',
  sha256Prefix: createHash('sha256').update(bytes).digest('hex').slice(0, 8),
};
const serving =
  (body: Uint8Array, status = 200): typeof fetch =>
  () =>
    Promise.resolve(new Response(body.slice(), { status }));
const offline: typeof fetch = () =>
  Promise.reject(
    new TypeError('fetch failed', {
      cause: Object.assign(new Error('getaddrinfo ENOTFOUND weights.invalid'), {
        code: 'ENOTFOUND',
      }),
    }),
  );

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'weights-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('fetchWeightFile', () => {
  it('downloads once, says what it does, and then takes the kept file', async () => {
    const lines: string[] = [];
    const first = await fetchWeightFile(file, {
      folder,
      fetch: serving(bytes),
      onProgress: (line) => lines.push(line),
    });
    expect(new Uint8Array(readFileSync(first.path))).toEqual(bytes);
    expect(
      await fetchWeightFile(file, {
        folder,
        fetch: offline,
        onProgress: (line) => lines.push(line),
      }),
    ).toEqual(first);
    expect(lines.map((line) => line.replaceAll(folder, 'F'))).toEqual([
      'downloading ImageNet weights from https://weights.invalid/models/net-00.pth',
      `kept ${join('F', 'net-00.pth')} (0.0 MiB, SHA-256 ${first.sha256})`,
      `ImageNet weights from ${join('F', 'net-00.pth')}`,
    ]);
  });

  it('fetches a kept file that was damaged again', async () => {
    writeFileSync(join(folder, 'net-00.pth'), 'half');
    expect(
      (await fetchWeightFile(file, { folder, fetch: serving(bytes) })).sha256.startsWith(
        file.sha256Prefix,
      ),
    ).toBe(true);
  });

  it.each([
    [
      'no network',
      offline,
      /^The ImageNet weights cannot be fetched from https:\/\/weights\.invalid\/models\/net-00\.pth \(ENOTFOUND\); fetch the file elsewhere and give its path\.$/,
    ],
    ['an answer that is no file', serving(bytes, 404), /\(the server answered 404 ?\)/],
    [
      'other bytes',
      serving(new Uint8Array(5)),
      /gave 5 bytes with SHA-256 [0-9a-f]{64}, not [0-9a-f]{8}\.\.\.; nothing was kept\.$/,
    ],
  ])('says in one line that there is %s, and keeps nothing', async (_, fetch, message) => {
    const error = await fetchWeightFile(file, { folder, fetch }).catch((issue: unknown) => issue);
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says that a folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(
      fetchWeightFile(file, { folder: join(folder, 'file', 'sub'), fetch: serving(bytes) }),
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
  ])('%s at width %s is %s', (name, width, expected) => {
    const { url, sha256Prefix } = imagenetFile(name, width);
    expect(url.endsWith(`/${expected}`)).toBe(true);
    expect(expected).toContain(sha256Prefix);
  });

  it('refuses an unknown model', async () => {
    await expect(fetchImagenetWeights('resnet50', { folder, fetch: offline })).rejects.toThrow(
      /unknown model "resnet50"/,
    );
  });
});
