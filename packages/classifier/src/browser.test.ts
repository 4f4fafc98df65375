import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useEngine } from '@nonlocal-med/engine';
import { findChromium } from '@nonlocal-med/testing';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadClassifier } from './loadClassifier.js';
import type { PageResult, PageTask } from './testing/browserPage.js';
import { writeModelFiles } from './testing/modelFiles.js';
import { size, testImage } from './testing/testImage.js';

const executable = findChromium();
const required = process.env.NONLOCAL_MED_REQUIRE_CHROMIUM === '1';
if (executable === null)
  console.warn(
    'Skipped the browser tests of the classifier: no Chromium on the path, and CHROMIUM is not set.',
  );
const seeds = [1, 2, 3];

const bundle = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    external: ['@tensorflow/*'],
  });
  return outputFiles[0].text;
};

it('is bundled for browsers without anything of Node', async () => {
  const code = await bundle('index.ts');
  expect(code).toContain('loadClassifier');
  expect(code).not.toMatch(/["']node:|\brequire\(|\bsharp\b|piscina|\bBuffer\b/);
});

describe.skipIf(executable === null && !required)('in Chromium', () => {
  const models = {
    classes: { preprocessing: { size: [64, 80] as const }, calibrated: true },
    findings: {
      task: 'multilabel' as const,
      preprocessing: {
        size: [96, 64] as const,
        contrast: 'local-mean' as const,
        color: 'grey' as const,
        fit: 'letterbox' as const,
      },
    },
  };
  const files = new Map<string, Uint8Array | string>();
  const expected = new Map<string, PageResult['results']>();
  let server: Server;
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];

  beforeAll(async () => {
    expect(executable, 'a Chromium, since NONLOCAL_MED_REQUIRE_CHROMIUM is set').not.toBeNull();
    await useEngine();
    for (const [name, options] of Object.entries(models)) {
      const exported = await writeModelFiles(options);
      for (const [file, bytes] of Object.entries(exported)) files.set(`/${name}/${file}`, bytes);
      expected.set(name, await classifyHere(exported));
    }
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('testing/browserPage.ts', import.meta.url))],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    files.set('/page.js', outputFiles[0].text);
    files.set('/', '<!doctype html><script type="module" src="/page.js"></script>');
    const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    for (const name of ['', '-simd', '-threaded-simd'])
      files.set(
        `/wasm/tfjs-backend-wasm${name}.wasm`,
        await readFile(join(wasm, `tfjs-backend-wasm${name}.wasm`)),
      );
    server = createServer(({ url = '' }, response) => {
      const content = files.get(url);
      const type = url === '/' ? 'text/html' : url.endsWith('.js') ? 'text/javascript' : '';
      response.writeHead(
        content === undefined ? 404 : 200,
        type === '' ? {} : { 'Content-Type': type },
      );
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: executable!,
      args: [
        '--no-sandbox',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-background-networking',
        '--no-first-run',
      ],
    });
    page = await openPage();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  async function openPage(): Promise<Page> {
    const opened = await browser.newPage();
    opened.on('request', (request) => requests.push(new URL(request.url()).origin));
    await opened.goto(address());
    await opened.waitForFunction(() => 'run' in globalThis);
    return opened;
  }
  const runInPage = (task: PageTask, at = page): Promise<PageResult> =>
    at.evaluate(
      (given) =>
        (globalThis as unknown as { run: (task: PageTask) => Promise<PageResult> }).run(given),
      task,
    );

  // WebGL without a graphics card takes 20 s a model: both with NONLOCAL_MED_SLOW=1.
  const slow = process.env.NONLOCAL_MED_SLOW === '1';
  it.each([
    ['wasm', 'classes'],
    ['wasm', 'findings'],
    ['webgl', 'classes'],
    ...(slow ? ([['webgl', 'findings']] as const) : []),
  ] as const)(
    'on %s, gives the numbers of Node for %s, and leaves no tensors behind',
    async (backend, model) => {
      const { results, ...state } = await runInPage({ backend, model: `/${model}`, seeds });
      expect(state).toMatchObject({
        backend: { name: backend, precision: 'float32' },
        warnings: [],
        leaked: 0,
        selfTest: { passed: true },
      });
      expect(state.selfTest.difference).toBeLessThan(1e-5);
      expect(state.selfTest.logitDifference).toBeLessThan(1e-5);
      for (const [index, { map, ...result }] of results.entries()) {
        const { map: wantedMap, ...wanted } = expected.get(model)![index];
        for (const key of ['probabilities', 'calibrated'] as const)
          expect(largest(result[key]!, wanted[key]!)).toBeLessThan(1e-5);
        expect(result.unlike).toEqual(wanted.unlike);
        expect(result.predicted).toEqual(wanted.predicted);
        expect(result.decisions.map(({ isPositive }) => isPositive)).toEqual(
          wanted.decisions.map(({ isPositive }) => isPositive),
        );
        expect(largest(map, wantedMap)).toBeLessThan(1e-3);
      }
    },
  );

  it('says that a device computes with 16 bits, and by how much it differs', async () => {
    const { backend, warnings, selfTest, results } = await runInPage(
      { backend: 'webgl', half: true, model: '/classes/model.json', seeds: [1] },
      await openPage(),
    );
    expect(backend).toEqual({ name: 'webgl', precision: 'float16' });
    expect(warnings).toEqual([expect.stringContaining('16-bit floating point')]);
    expect(selfTest.logitDifference).toBeGreaterThan(1e-5);
    expect(
      largest(results[0].probabilities, expected.get('classes')![0].probabilities),
    ).toBeLessThan(0.01);
  });

  it('says what is missing at an address', async () => {
    await expect(runInPage({ backend: 'wasm', model: '/nothing', seeds })).rejects.toThrow(
      `${address()}nothing/model.json: does not exist`,
    );
  });

  it('asks for nothing elsewhere', () => {
    expect([...new Set(requests)]).toEqual([new URL(address()).origin]);
  });
});

async function classifyHere(
  exported: Readonly<Record<string, Uint8Array>>,
): Promise<PageResult['results']> {
  const classifier = await loadClassifier((name) => Promise.resolve(exported[name] ?? null));
  const results: PageResult['results'][number][] = [];
  for (const seed of seeds) {
    const image = { data: testImage(seed), ...size };
    const { maps, ...result } = await classifier.classify(image, { explain: true });
    results.push({ ...result, map: [...maps[0].values] });
  }
  classifier.dispose();
  return results;
}

const largest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));
