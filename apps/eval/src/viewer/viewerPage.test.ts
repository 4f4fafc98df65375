import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseCsv } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { findChromium, imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneLine, printEval, runEval } from '../testing/runEval.js';

const executable = findChromium();
const required = process.env.NONLOCAL_MED_REQUIRE_CHROMIUM === '1';
if (executable === null)
  console.warn(
    'Skipped the tests of the viewer in a browser: no Chromium on the path, and CHROMIUM is not set.',
  );

const folder = await temporaryFolder('viewer');
const at = (...names: string[]): string => join(folder, ...names);
const run = (...parameters: string[]): Promise<string> => printEval(folder, ...parameters);

/** Files that Node and the page decode alike, to the last bit. */
const same = [
  'color.png',
  'palette.png',
  'opacity.png',
  'strips.tif',
  'tiles.tif',
  'upright.tif',
  'gray.png',
];
const dicom = ['rle.dcm', 'j2k.dcm', 'ls.dcm', 'lossless.dcm', 'deflated.dcm', 'big-endian.dcm'];
const lossy = ['photo.jpg', 'gray.jpg', 'jpeg.dcm'];
const refused = ['damaged.png', 'sixteen.png', 'truncated.jpg', 'notes.txt'];

const dicomFiles: Readonly<Record<string, string>> = {
  'rle.dcm': 'MR_small_RLE',
  'j2k.dcm': '693_J2KI',
  'ls.dcm': 'MR_small_jpeg_ls_lossless',
  'lossless.dcm': 'made_jpeg_lossless_57',
  'deflated.dcm': 'image_dfl',
  'big-endian.dcm': 'SC_rgb_small_odd_big_endian',
  'jpeg.dcm': 'SC_rgb_jpeg_gdcm',
  'frames.dcm': 'SC_rgb_rle_16bit_2frame',
};

/** RGBA of all pixels of a canvas on the page. */
async function pixelsOf(page: Page, id: string): Promise<readonly number[]> {
  return page.locator(id).evaluate((canvas) => {
    const source = canvas as HTMLCanvasElement;
    const { width, height } = source;
    const context = new OffscreenCanvas(width, height).getContext('2d', {
      willReadFrequently: true,
    })!;
    context.drawImage(source, 0, 0);
    return [...context.getImageData(0, 0, width, height).data];
  });
}

async function writeImages(): Promise<void> {
  await mkdir(at('images'));
  const image = (index: number): Sharp => {
    const { data, width, height } = tinyLesionsImage({
      size: 90,
      seed: 5,
      index,
      classes: 2,
    }).pixels;
    return sharp(data, { raw: { width, height, channels: 3 } });
  };
  const opacity = Uint8Array.from({ length: 90 * 90 }, (_, i) => i % 256);
  const written: Readonly<Record<string, Sharp>> = {
    'color.png': image(1),
    'palette.png': image(2).png({ palette: true }),
    'opacity.png': image(3).joinChannel(Buffer.from(opacity), {
      raw: { width: 90, height: 90, channels: 1 },
    }),
    'gray.png': image(4).toColourspace('b-w'),
    'strips.tif': image(5).tiff({ compression: 'lzw', predictor: 'horizontal' }),
    'tiles.tif': image(6).tiff({
      compression: 'deflate',
      tile: true,
      tileWidth: 32,
      tileHeight: 16,
    }),
    'upright.tif': image(7)
      .extract({ left: 0, top: 0, width: 90, height: 60 })
      .withMetadata({ orientation: 6 })
      .tiff({ compression: 'packbits' }),
    'photo.jpg': image(8).jpeg({ quality: 90 }),
    'gray.jpg': image(9).toColourspace('b-w').jpeg(),
    'sixteen.png': image(10).toColourspace('grey16').png(),
    'blank.png': sharp({ create: { width: 80, height: 80, channels: 3, background: '#f0f0f0' } }),
  };
  for (const [name, one] of Object.entries(written)) await one.toFile(at('images', name));
  const png = readFileSync(at('images/color.png'));
  png[Math.floor(png.length / 2)] ^= 0xff;
  await writeFile(at('images/damaged.png'), png);
  const jpeg = readFileSync(at('images/photo.jpg'));
  await writeFile(at('images/truncated.jpg'), jpeg.subarray(0, jpeg.length - 300));
  await writeFile(at('images/notes.txt'), 'not an image\n');
  const source = new URL('../../../../packages/data/test/dicom/', import.meta.url);
  for (const [name, from] of Object.entries(dicomFiles))
    await copyFile(new URL(`${from}.dcm`, source), at('images', name));
}

beforeAll(async () => {
  await imageFolder(at('training'), { images: 130 });
  const config = parseRunConfig({
    data: { path: at('training'), cacheFolder: null },
    split: { test: 0.2, validation: 0.25 },
    preprocessing: { size: 48 },
    model: { name: 'shufflenetv2-nla', width: 0.5 },
    training: { epochs: 1, batchSize: 8 },
    loader: { workers: 0 },
    explanations: { images: 0 },
  });
  await startRun(config, { folder: at('run') });
  await writeImages();
  await run('viewer', 'run', '--out', 'page.html');
}, 240_000);

describe('eval viewer', () => {
  it('says where the page is, and replaces its own page only', async () => {
    expect(oneLine(await run('viewer', 'run', '--out', 'page.html'))).toMatch(
      /^page\.html: \d+(\.\d+)? MiB, opens in any current browser, also offline $/,
    );
    await writeFile(at('other.html'), '<p>mine</p>');
    const ended = await runEval(folder, 'viewer', 'run', '--out', 'other.html');
    expect(ended.code).toBe(2);
    expect(oneLine(ended.stderr)).toContain('exists and is not a page of this command');
    expect(await readFile(at('other.html'), 'utf8')).toBe('<p>mine</p>');
  });

  it.each([
    [['.'], 'does not contain an exported model'],
    [
      ['run', '--out', 'page.txt'],
      '--out: got page.txt (a file that ends with .html, or a folder)',
    ],
    [
      ['run', '--measure', 'images'],
      '--measure: got "images", which has no effect (only with --half)',
    ],
  ])('refuses %j', async (parameters, message) => {
    const ended = await runEval(folder, 'viewer', ...parameters);
    expect([ended.code, oneLine(ended.stderr)]).toEqual([2, expect.stringContaining(message)]);
  });

  it('refuses a file that it may not read, and a folder in the place of one', async () => {
    await writeFile(at('locked.html'), 'mine', { mode: 0 });
    await mkdir(at('folder/viewer.html'), { recursive: true });
    const locked = process.getuid?.() === 0 ? [] : [['locked.html', 'EACCES']];
    for (const [out, reason] of [...locked, ['folder', 'EISDIR']]) {
      const ended = await runEval(folder, 'viewer', 'run', '--out', out);
      expect([ended.code, oneLine(ended.stderr)]).toEqual([
        2,
        expect.stringContaining(`--out: ${reason}`),
      ]);
    }
  });

  it('refuses an experiment, and says what to give', async () => {
    await mkdir(at('experiment'));
    await writeFile(at('experiment/experiment.json'), '{}');
    const { code, stderr } = await runEval(folder, 'viewer', 'experiment');
    expect(code).toBe(2);
    expect(oneLine(stderr)).toContain(
      'is an experiment, and a page has one model (the folder of one of its runs',
    );
  });

  it('measures what 16-bit weights change', async () => {
    const { bytes, half, selfTest } = JSON.parse(
      await run(
        'viewer',
        'run',
        '--half',
        '--measure',
        'images/*.tif',
        'images/damaged.png', // reported, and left out
        '--out',
        'half.html',
        '--json',
      ),
    ) as {
      bytes: number;
      selfTest: number;
      half: { images: number; largest: number; mean: number };
    };
    expect(half).toMatchObject({ images: 3, generated: false });
    expect(half.largest).toBeGreaterThan(0);
    expect(half.largest).toBeLessThan(0.01);
    expect(half.mean).toBeLessThanOrEqual(half.largest);
    expect(selfTest).toBeLessThan(1e-3);
    expect(bytes).toBeLessThan((await readFile(at('page.html'))).length);
    expect(await readFile(at('half.html'), 'utf8')).toContain(
      'Weights are stored with 16 bits. On 3 images',
    );
  });
});

describe.skipIf(executable === null && !required)('the page in Chromium', () => {
  const issues: string[] = [];
  const requests: string[] = [];
  let browser: Browser;
  let page: Page;

  async function open(
    file: string,
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<Page> {
    const opened = await browser.newPage(options);
    opened.on('console', (message) => issues.push(message.text()));
    opened.on('pageerror', (error) => issues.push(error.message));
    opened.on('request', (request) => requests.push(request.url()));
    await opened.goto(pathToFileURL(at(file)).href);
    return opened;
  }
  const ready = (opened: Page): Promise<void> =>
    opened.locator('#self-test', { hasText: 'Ready.' }).waitFor({ timeout: 60_000 });
  async function give(opened: Page, names: readonly string[]): Promise<void> {
    await opened.setInputFiles(
      '#files',
      names.map((name) => at('images', name)),
    );
    await opened.locator('#progress', { hasText: /done\.$/ }).waitFor({ timeout: 120_000 });
  }
  const mapIsShown = (opened: Page): Promise<void> =>
    opened
      .locator('#map-note', { hasText: /raised the model's score for/ })
      .waitFor({ timeout: 30_000 });
  /** The table of the page by the name of the image, as its CSV export has it. */
  async function exported(opened: Page): Promise<Map<string, Record<string, string>>> {
    const [download] = await Promise.all([
      opened.waitForEvent('download'),
      opened.click('#export'),
    ]);
    return table(await readFile(await download.path(), 'utf8'));
  }
  function table(text: string): Map<string, Record<string, string>> {
    const [header, ...rows] = parseCsv(text).map(({ fields }) => fields);
    return new Map(
      rows.map((row) => [
        row[0].split('/').at(-1)!,
        Object.fromEntries(header.map((name, i) => [name, row[i]])),
      ]),
    );
  }

  beforeAll(async () => {
    expect(executable, 'a Chromium, since NONLOCAL_MED_REQUIRE_CHROMIUM is set').not.toBeNull();
    browser = await chromium.launch({
      executablePath: executable!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    page = await open('page.html', { viewport: { width: 1280, height: 900 } });
    await ready(page);
  });
  afterAll(() => browser?.close());

  it('tests itself and says what it is for', async () => {
    expect(await page.locator('#self-test').textContent()).toMatch(
      /^Ready\. The self-test passed: .* \(largest difference (0|\d.*e-\d+)\)\.$/,
    );
    expect(await page.locator('header').textContent()).toContain('Not a medical device.');
    expect(await page.locator('#about').textContent()).toContain('It is meant for research');
    expect(await page.locator('#kind').textContent()).toBe('Model viewer · run');
  });

  it('gives the probabilities, decisions and distances of eval predict', async () => {
    const files = [...same, ...dicom, ...lossy, 'blank.png', 'frames.dcm'];
    await give(page, [...files, ...refused]);
    await page.click('#reveal-all');
    expect(await page.locator('#reveal-all').isVisible()).toBe(false);
    const found = await exported(page);
    const expected = table(
      await run('predict', 'run', ...files.map((name) => `images/${name}`), '--csv', '-'),
    );
    expect([...found.keys()].filter((name) => !refused.includes(name))).toEqual([
      ...expected.keys(),
    ]);
    const columns = [...expected.values()].flatMap((row) =>
      Object.keys(row).filter((name) => /^(no|yes|none|some|margin:.*|distance)$/.test(name)),
    );
    expect(new Set(columns).size).toBeGreaterThan(3);
    for (const [name, row] of expected) {
      const limit = lossy.includes(name) ? 0.02 : 1e-5;
      for (const column of new Set(columns))
        expect(
          Math.abs(Number(found.get(name)![column]) - Number(row[column])),
          `${name} ${column}`,
        ).toBeLessThan(column === 'distance' ? 100 * limit : limit);
      if (!lossy.includes(name)) expect(found.get(name)!.prediction).toBe(row.prediction);
    }
  });

  it('says why images have no result, and goes on', async () => {
    const errors = await exported(page);
    expect(refused.map((name) => errors.get(name)!.error)).toEqual([
      expect.stringContaining('damaged or truncated PNG file'),
      expect.stringContaining(
        'has 16 bits, but the model was trained on images with 8 bits. What to do:',
      ),
      expect.stringContaining('damaged or truncated JPEG file: its image data is incomplete'),
      expect.stringContaining('not a supported image'),
    ]);
    const row = page.locator('#rows tr', { hasText: 'damaged.png' });
    expect(await row.textContent()).toContain('No result: damaged or truncated PNG file');
    expect(await row.getByRole('button').count()).toBe(0);
  });

  it('gives no result for an image unlike the training images until the reader wants it', async () => {
    const other = await open('page.html');
    await ready(other);
    await give(other, ['color.png', 'blank.png']);
    const row = other.locator('#rows tr', { hasText: 'blank.png' });
    expect(await row.locator('td').allTextContents()).toEqual([
      '',
      '',
      expect.stringMatching(/^No result: unlike the training images: /),
    ]);
    expect((await exported(other)).get('blank.png')).toMatchObject({
      prediction: '',
      error: 'no result: unlike the training images',
    });
    await other.getByRole('button', { name: 'blank.png' }).click();
    expect(await other.locator('#warning').textContent()).toMatch(/^No result: unlike the /);
    for (const id of ['#probabilities', '#decisions', '#opacity', '#map'])
      expect(await other.locator(id).isVisible(), id).toBe(false);
    expect(await other.locator('#picture').isVisible()).toBe(true);

    await other.getByRole('button', { name: 'Show the result anyway' }).click();
    await mapIsShown(other);
    expect(await other.locator('#warning').textContent()).toMatch(
      /^Unlike the training images: .*The result may be wrong\.$/,
    );
    expect(await other.locator('#probabilities').isVisible()).toBe(true);
    expect(await other.locator('#reveal').isVisible()).toBe(false);
    expect(await row.locator('td').nth(0).textContent()).toMatch(/ %$/);
    await other.getByRole('button', { name: 'color.png' }).click();
    expect(await other.locator('#warning').isVisible()).toBe(false);
    await other.close();
  });

  it('explains a decision in sentences', async () => {
    const decision = await page.locator('.decision').first().textContent();
    expect(decision).toMatch(
      /^(Positive|Negative) for .*Its probability, .* %, is .* points (above|below) the threshold of .* %/,
    );
    expect(decision).toContain('The threshold was chosen for');
  });

  it('shows a map with opacity, and window and level, which change no result', async () => {
    await mapIsShown(page);
    const meanOf = async (id: string): Promise<number> => {
      const values = await pixelsOf(page, id);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    await page.fill('#opacity', '25');
    expect(await page.locator('#map').evaluate((map) => getComputedStyle(map).opacity)).toBe(
      '0.25',
    );
    const [before, probabilities] = [
      await meanOf('#picture'),
      await page.locator('#probabilities').textContent(),
    ];
    await page.fill('#level', '20');
    expect(await meanOf('#picture')).toBeGreaterThan(before + 10);
    await page.fill('#window', '40');
    expect(await page.locator('#window-value').textContent()).toBe('40');
    await page.click('#reset');
    expect(await meanOf('#picture')).toBe(before);
    expect(await page.locator('#probabilities').textContent()).toBe(probabilities);
    const first = await page.locator('#map').getAttribute('aria-label');
    const [other] = (await page.locator('#explained option').allTextContents()).filter(
      (label) => !first!.endsWith(label),
    );
    await page.selectOption('#explained', { label: other });
    await page.locator(`#map[aria-label="Saliency map for ${other}"]`).waitFor();
  });

  it('shows nothing of an image under the name of another one, whenever files are read', async () => {
    const other = await open('page.html');
    await ready(other);
    await give(other, ['color.png', 'gray.png', 'strips.tif']);
    await mapIsShown(other);
    // Each reading of a file waits from now on until the test lets it succeed or fail.
    await other.evaluate(() => {
      const read = Object.getOwnPropertyDescriptor(Blob.prototype, 'arrayBuffer')!.value as (
        this: Blob,
      ) => Promise<ArrayBuffer>;
      const readings: Record<string, (fails: boolean) => void> = {};
      File.prototype.arrayBuffer = function (this: File) {
        return new Promise((resolve, reject) => {
          readings[this.name] = (fails) =>
            fails ? reject(new Error('gone')) : resolve(read.call(this));
        });
      };
      Object.assign(window, { readings });
    });
    const finish = (name: string, fails: boolean): Promise<void> =>
      other.evaluate(
        ([file, isFailing]) =>
          (window as unknown as { readings: Record<string, (fails: boolean) => void> }).readings[
            file
          ](isFailing),
        [name, fails] as const,
      );
    const openImage = (name: string): Promise<void> =>
      other.getByRole('button', { name, exact: true }).click();
    const note = (): Promise<string | null> => other.locator('#map-note').textContent();
    const opaquePixels = async (id: string): Promise<number> =>
      (await pixelsOf(other, id)).filter((value, i) => i % 4 === 3 && value > 0).length;
    expect(await opaquePixels('#picture')).toBeGreaterThan(0);

    await openImage('gray.png'); // is still being read: the picture of color.png is gone
    expect(await other.locator('#detail-title').textContent()).toBe('gray.png');
    expect(await note()).toBe('Reading the image ...');
    expect([await opaquePixels('#picture'), await opaquePixels('#map')]).toEqual([0, 0]);
    await other.fill('#level', '20'); // neither does a slider bring it back
    expect(await opaquePixels('#picture')).toBe(0);

    await openImage('strips.tif');
    await finish('strips.tif', false);
    await mapIsShown(other);
    const shown = await note();
    await finish('gray.png', true); // too late to be said of strips.tif
    await other.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(await note()).toBe(shown);

    await openImage('gray.png');
    await finish('gray.png', true);
    await other.locator('#map-note', { hasText: 'The image cannot be shown' }).waitFor();
    expect([await opaquePixels('#picture'), await opaquePixels('#map')]).toEqual([0, 0]);
    await other.close();
  });

  it('hides the map of a class as soon as another class is selected', async () => {
    await mapIsShown(page);
    const states = await page.evaluate(() => {
      const select = document.querySelector<HTMLSelectElement>('#explained')!;
      const map = document.querySelector<HTMLCanvasElement>('#map')!;
      const before = map.hidden;
      select.selectedIndex = 1 - select.selectedIndex;
      select.dispatchEvent(new Event('change'));
      return [before, map.hidden];
    });
    expect(states).toEqual([false, true]);
    await mapIsShown(page);
    expect(await page.locator('#map').isVisible()).toBe(true);
  });

  it('windows the values of a DICOM file after rescale', async () => {
    await page.getByRole('button', { name: 'rle.dcm' }).click();
    await mapIsShown(page);
    const level = page.locator('#level');
    // MR_small: stored values from 0 to 4,000 or so.
    expect(Number(await level.getAttribute('max'))).toBeGreaterThan(1000);
    expect(await page.locator('#notes').textContent()).not.toContain('browser decoded');
  });

  it('can be used by keyboard alone', async () => {
    await page.locator('#files').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('export');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => document.activeElement?.textContent);
    expect(name).toBe('color.png');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('detail-title');
    expect(await page.locator('#detail-title').textContent()).toBe('color.png');
    await mapIsShown(page);
    await page.locator('#level').focus();
    const before = await page.locator('#level').inputValue();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#level').inputValue()).not.toBe(before);
  });

  it('takes dropped files', async () => {
    const bytes = [...(await readFile(at('images/tiles.tif')))];
    const count = await page.locator('#rows tr').count();
    await page.evaluate((content) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content)], 'dropped.tif'));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    }, bytes);
    await expect.poll(() => page.locator('#rows tr').count()).toBe(count + 1);
    await page.locator('#progress', { hasText: /done\.$/ }).waitFor();
    await page.click('#reveal-all'); // to this model, the file is unlike the training images
    const rows = await exported(page);
    expect(rows.get('dropped.tif')!.probability).toBe(rows.get('tiles.tif')!.probability);
  });

  it('keeps the focus and marks the image that is shown while others are added', async () => {
    const other = await open('page.html');
    await ready(other);
    await give(other, ['color.png']);
    await mapIsShown(other);
    const name = other.locator('#rows button').first();
    await name.focus();
    await give(other, ['color.png', 'tiles.tif']);
    expect(await name.evaluate((button) => button === document.activeElement)).toBe(true);
    const marked = await other
      .locator('#rows button')
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-current')));
    expect(marked).toHaveLength(3);
    expect(marked[0]).toBe('true');
    expect(marked[2]).toBe('false');
    await other.close();
  });

  it('takes files that are dropped before the model is ready, and stays where it is', async () => {
    const other = await browser.newPage();
    // The model is not there yet while the page is parsed.
    await other.addInitScript(() => {
      document.addEventListener('DOMContentLoaded', () => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['not an image'], 'early.png'));
        const event = new DragEvent('drop', { dataTransfer: transfer, cancelable: true });
        document.dispatchEvent(event);
        const input = document.querySelector<HTMLInputElement>('#files')!;
        Object.assign(window, { early: [input.disabled, event.defaultPrevented] });
      });
    });
    await other.goto(pathToFileURL(at('page.html')).href);
    expect(await other.evaluate(() => (window as unknown as { early: unknown }).early)).toEqual([
      true,
      true,
    ]);
    await other.locator('#rows tr', { hasText: 'early.png' }).waitFor({ timeout: 60_000 });
    await other.close();
  });

  it('says that it needs JavaScript', async () => {
    const other = await browser.newPage({ javaScriptEnabled: false });
    await other.goto(pathToFileURL(at('page.html')).href);
    expect(await other.locator('noscript').innerText()).toContain('needs JavaScript');
    await other.close();
  });

  it('removes all images', async () => {
    const other = await open('page.html');
    await ready(other);
    await give(other, ['color.png']);
    await other.click('#clear');
    expect(await other.locator('#rows tr').count()).toBe(0);
    expect(await other.locator('#detail').isVisible()).toBe(false);
    await other.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('passes axe and fits the screen, %s at %i pixels', async (colorScheme, width) => {
    const other = await open('page.html', {
      viewport: { width, height: 800 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    await ready(other);
    const axe = await readFile(
      createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
      'utf8',
    );
    await other.evaluate(axe);
    const check = (): Promise<string[]> =>
      other.evaluate(async () => {
        interface Violation {
          readonly id: string;
          readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
        }
        const { violations } = await (
          window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }
        ).axe.run();
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`,
        );
      });
    expect(await check()).toEqual([]);
    await give(other, ['color.png', 'blank.png', 'notes.txt']);
    await mapIsShown(other);
    await other.locator('#about details').evaluate((details) => details.setAttribute('open', ''));
    expect(await check()).toEqual([]);
    await other.getByRole('button', { name: 'blank.png' }).click(); // whose result is withheld
    expect(await check()).toEqual([]);
    expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    await other.close();
  });

  it('opens with 16-bit weights, whose self-test passes', async () => {
    const half = await open('half.html');
    await ready(half);
    expect(await half.locator('#about').textContent()).toContain(
      'Weights are stored with 16 bits.',
    );
    await half.close();
  });

  it('shows no results after a failed self-test', async () => {
    const text = await readFile(at('page.html'), 'utf8');
    const wrong = text.replace(
      /(data-file="self-test\.json">)([^<]+)/,
      (_, start: string, data: string) => {
        const record = JSON.parse(Buffer.from(data, 'base64').toString()) as {
          probabilities: number[];
        };
        const probabilities = record.probabilities.map((value) => 1 - value);
        return start + Buffer.from(JSON.stringify({ ...record, probabilities })).toString('base64');
      },
    );
    expect(wrong).not.toBe(text);
    await writeFile(at('wrong.html'), wrong);
    const opened = await open('wrong.html');
    await opened
      .locator('#self-test', { hasText: 'the self-test failed on the backend wasm' })
      .waitFor({ timeout: 60_000 });
    expect(await opened.locator('#self-test').textContent()).toMatch(
      /^No results are shown: .*Use another browser or computer, or create the page again\.$/,
    );
    expect(await opened.locator('#files').isVisible()).toBe(false);
    await opened.close();
  });

  it('has reported no issue and made no request in all of this', () => {
    expect(issues).toEqual([]);
    const pages = ['page.html', 'half.html', 'wrong.html'].map(
      (name) => pathToFileURL(at(name)).href,
    );
    expect(requests.filter((url) => !pages.includes(url) && !url.startsWith('blob:'))).toEqual([]);
  });

  it('could not send anything if it wanted to', async () => {
    const received: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      received.push(url);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const other = await browser.newPage();
    await other.goto(pathToFileURL(at('page.html')).href);
    const refusals = await other.evaluate(async (address) => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        violated.push(effectiveDirective),
      );
      await fetch(`${address}/fetch`).catch(() => undefined);
      new Image().src = `${address}/image`;
      navigator.sendBeacon(`${address}/beacon`, 'x');
      const form = document.createElement('form');
      form.action = `${address}/form`;
      document.body.append(form);
      form.submit();
      for (let wait = 0; wait < 100 && violated.length < 4; wait++)
        await new Promise((resolve) => setTimeout(resolve, 100));
      return violated.sort();
    }, `http://127.0.0.1:${port}`);
    expect(refusals).toEqual(['connect-src', 'connect-src', 'form-action', 'img-src']);
    expect(received).toEqual([]);
    server.close();
    await other.close();
  });
});
