import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadClassifier } from '@nonlocal-med/classifier/node';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { findChromium } from '@nonlocal-med/testing';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const executable = findChromium();
const required = process.env.NONLOCAL_MED_REQUIRE_CHROMIUM === '1';
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves a folder on this machine. */
async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : request.url!;
    readFile(join(folder, path)).then(
      (content) => response.setHeader('Content-Type', types[extname(path)] ?? '').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.skipIf(executable === null && !required)('the page with Grad-CAM', () => {
  let folder: string;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    expect(executable, 'a Chromium, since NONLOCAL_MED_REQUIRE_CHROMIUM is set').not.toBeNull();
    folder = await mkdtemp(join(tmpdir(), 'example-'));
    await build({
      root: fileURLToPath(new URL('../grad-cam-in-the-browser', import.meta.url)),
      base: './',
      logLevel: 'silent',
      build: { outDir: join(folder, 'page'), target: 'es2022' },
    });
    await useEngine();
    const model = createModel('shufflenetv2-nla', { classes: 2, width: 0.5, seed: 1 });
    await mkdir(join(folder, 'page/model'));
    await exportModel(model, join(folder, 'page/model'), {
      labels: ['none', 'some'],
      preprocessing: { ...defaultPreprocessing, size: [64, 64], values: '8-bit' },
    });
    model.dispose();
    const { pixels } = tinyLesionsImage({ size: 64, seed: 1, index: 2 });
    const png = sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } }).png();
    await writeFile(join(folder, 'image.png'), await png.toBuffer());
    server = await serve(join(folder, 'page'));
    browser = await chromium.launch({ executablePath: executable!, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('gives the probabilities of Node, and a map in red over the image', async () => {
    const file = join(folder, 'image.png');
    const classifier = await loadClassifier(join(dirname(file), 'page/model'));
    const { labels, probabilities, predicted } = await classifier.classify(file);
    const list = labels.map((label, i) => `${label} ${(100 * probabilities[i]).toFixed(1)} %`);
    classifier.dispose();

    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const result = page.locator('#result');
    await result.filter({ hasText: 'Ready: none, some' }).waitFor();
    await page.locator('#file').setInputFiles(file);
    await result.filter({ hasText: '%' }).waitFor();
    expect(await result.textContent()).toBe(`${predicted.join(', ')} (${list.join(', ')})`);
    await page.waitForFunction(
      () => document.querySelector<HTMLCanvasElement>('#map')!.width === 64,
    );
    const reddening = await page.evaluate(() => {
      const read = (id: string) =>
        document.querySelector<HTMLCanvasElement>(id)!.getContext('2d')!.getImageData(0, 0, 64, 64)
          .data;
      const [image, map] = [read('#image'), read('#map')];
      return image.reduce(
        (most, value, i) => (i % 4 === 0 ? Math.max(most, map[i] - value) : most),
        0,
      );
    });
    expect(reddening).toBeGreaterThan(30);
    expect(errors).toEqual([]);
  });
});
