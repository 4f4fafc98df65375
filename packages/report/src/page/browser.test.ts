import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  findChromium,
  temporaryFolder,
  writeSyntheticExplanations,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from './writeReport.js';

const executable = findChromium();
const folder = await temporaryFolder('report-browser');
const required = process.env.NONLOCAL_MED_REQUIRE_CHROMIUM === '1';
if (executable === null)
  console.warn(
    'Skipped the browser tests of the page: no Chromium on the path, and CHROMIUM is not set.',
  );

describe.skipIf(executable === null && !required)('the page in Chromium', () => {
  const classes = ['<script>alert("class")</script>', 'mild & early', 'severe'];
  const issues: string[] = [];
  const requests: string[] = [];
  let browser: Browser;
  let page: Page;
  let file: string;

  /** Opens the page from disk and records errors and requests. */
  async function open(options: Parameters<Browser['newPage']>[0]): Promise<Page> {
    const opened = await browser.newPage(options);
    opened.on('console', (message) => issues.push(message.text()));
    opened.on('pageerror', (error) => issues.push(error.message));
    opened.on('dialog', (dialog) => {
      issues.push(`an alert: ${dialog.message()}`);
      void dialog.dismiss();
    });
    opened.on('request', (request) => requests.push(request.url()));
    await opened.goto(pathToFileURL(file).href);
    return opened;
  }
  const shownCards = (): Promise<number> => page.locator('.card:visible').count();
  const count = (): Promise<string | null> => page.locator('#gallery-count').textContent();

  beforeAll(async () => {
    expect(executable, 'a Chromium, since NONLOCAL_MED_REQUIRE_CHROMIUM is set').not.toBeNull();
    // the first one as written before there were methods
    for (const [model, skill, layers, method] of [
      ['baseline', 0.5, ['e4'], undefined],
      ['method', 1.5, ['fused', 'e4'], 'layercam'],
    ] as const) {
      const options = { model, skill, classes, seed: skill * 10, decided: true };
      await writeSyntheticRun(join(folder, model), options);
      await writeSyntheticExplanations(join(folder, model), {
        ...options,
        explained: 20,
        layers,
        method,
      });
    }
    ({ file } = await writeReport({ runs: [join(folder, 'baseline'), join(folder, 'method')] }));
    browser = await chromium.launch({
      executablePath: executable!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
    page = await open({ viewport: { width: 1280, height: 900 } });
  });

  afterAll(async () => {
    await browser?.close();
  });

  it('opens without errors, alerts or requests', () => {
    expect(issues).toEqual([]);
    expect(
      requests.filter((url) => !url.startsWith('data:') && url !== pathToFileURL(file).href),
    ).toEqual([]);
  });

  it('shows the chosen weights, models and class', async () => {
    const curves = page.locator('#curves');
    await page.check('input[name="weights"][value="last"]');
    await expect
      .poll(() => curves.getByRole('heading', { name: 'ROC curves, last epoch' }).isVisible())
      .toBe(true);
    expect(
      await curves.getByRole('heading', { name: 'ROC curves, best checkpoint' }).isVisible(),
    ).toBe(false);
    await page.uncheck('input[data-model="series-0"]');
    expect(await page.locator('#confusion .series-0:visible').count()).toBe(0);
    expect(await page.locator('#confusion .series-1:visible').count()).toBe(1);
    await page.check('input[data-model="series-0"]');
    await page.selectOption('select[data-choice="class"]', { label: 'severe' });
    expect(await page.locator('#curves figure:visible').count()).toBe(2);
    await page.selectOption('select[data-choice="class"]', '');
    expect(await page.locator('#curves figure:visible').count()).toBe(6);
  });

  it('filters and sorts the gallery', async () => {
    expect(await shownCards()).toBe(20);
    await page.selectOption('#gallery-outcome', 'correct');
    const correct = await shownCards();
    await page.selectOption('#gallery-outcome', 'wrong');
    const wrong = await shownCards();
    expect(correct).toBeGreaterThan(0);
    expect(wrong).toBeGreaterThan(0);
    expect(correct + wrong).toBe(20);
    expect(await count()).toBe(`${wrong} of 20 images`);
    await page.selectOption('#gallery-outcome', 'all');
    await page.selectOption('#gallery-class', { label: classes[0] });
    const alts = await page
      .locator('.card:visible .image')
      .evaluateAll((images) => images.map((image) => image.getAttribute('alt')));
    expect(alts.length).toBeGreaterThan(0);
    expect(alts.every((alt) => alt?.endsWith(`true class ${classes[0]}`))).toBe(true);
    await page.selectOption('#gallery-class', '');
    await page.fill('#gallery-minimum', '60');
    const confident = await page.locator('.card:visible .verdict').allTextContents();
    expect(confident.length).toBeLessThan(20);
    expect(confident.every((text) => Number(/(\d+(\.\d)?)\s%/.exec(text)![1]) >= 60)).toBe(true);
    await page.fill('#gallery-minimum', '0');
    await page.selectOption('#gallery-sort', 'confident');
    const order = (await page.locator('.card .verdict').allTextContents()).map((text) =>
      Number(/(\d+(\.\d)?)\s%/.exec(text)![1]),
    );
    expect(order).toEqual([...order].sort((a, b) => b - a));
    await page.selectOption('#gallery-sort', 'default');
  });

  it('blends the map of the chosen model and kind, or of another kind with a note', async () => {
    const map = page.locator('.card .map').first();
    const before = await map.getAttribute('src');
    await page.selectOption('#gallery-layer', { label: 'LayerCAM at e4' });
    expect(await map.getAttribute('src')).not.toBe(before);
    await page.selectOption('#gallery-layer', { label: 'LayerCAM at fused' });
    await page.selectOption('#gallery-model', { label: 'baseline' });
    expect(await page.locator('#gallery-note').textContent()).toBe(
      'baseline has no map "LayerCAM at fused"; shown is its Grad-CAM at e4.',
    );
    await page.selectOption('#gallery-model', { label: 'method' });
    await page.fill('#gallery-opacity', '0');
    expect(await map.evaluate((element) => getComputedStyle(element).opacity)).toBe('0');
    await page.fill('#gallery-opacity', '70');
    await page.check('#gallery-mask');
    expect(await page.locator('.card .mask:visible').count()).toBe(20);
    await page.uncheck('#gallery-mask');
  });

  it('opens an image by keyboard, steps with the arrow keys and returns the focus', async () => {
    const first = page.locator('.card button').first();
    await first.focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('#gallery-dialog');
    expect(await dialog.isVisible()).toBe(true);
    expect(await page.locator('#dialog-position').textContent()).toBe('1 of 20');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#dialog-position').textContent()).toBe('2 of 20');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#dialog-position').textContent()).toBe('20 of 20');
    expect(await dialog.locator('figcaption').allTextContents()).toEqual([
      'Image as given to the model',
      expect.stringMatching(/^baseline, Grad-CAM at e4, for /),
      expect.stringMatching(/^method, LayerCAM at fused, for /),
    ]);
    expect(await dialog.locator('tbody tr').count()).toBe(2);
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
    expect(await first.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('opens the most confident errors of the first screen, with their maps', async () => {
    const errors = page.locator('.error-list button');
    expect(await errors.count()).toBeGreaterThan(2);
    expect(await errors.first().locator('.map').isVisible()).toBe(true);
    await errors.nth(1).click();
    expect(await page.locator('#dialog-title').textContent()).toBe(
      await errors.nth(1).locator('.image').getAttribute('alt'),
    );
    await page.locator('#gallery-close').click();
  });

  it('marks what scrolls sideways on a narrow screen, and the side with more to see', async () => {
    const narrow = await open({ viewport: { width: 390, height: 800 } });
    const wide = narrow.locator('#repeat .scroll.wide').first();
    await expect.poll(() => wide.isVisible()).toBe(true);
    const hint = await wide.evaluate((element) => getComputedStyle(element, '::before').content);
    expect(hint).toContain('Scroll sideways for more');
    const sides = (): Promise<string> => wide.evaluate((element) => String(element.classList));
    expect(await sides()).toMatch(/more-right/);
    await wide.evaluate((element) => {
      element.scrollLeft = element.scrollWidth;
    });
    await expect.poll(sides).toMatch(/more-left/);
    expect(await sides()).not.toMatch(/more-right/);
    expect(await narrow.locator('.overview .scroll.wide:visible').count()).toBe(0);
    await narrow.close();
  });

  it('opens images from the lists of disagreements', async () => {
    await page.locator('#disagreement button.link:visible').first().click();
    expect(await page.locator('#gallery-dialog').isVisible()).toBe(true);
    await page.locator('#gallery-close').click();
  });

  // both schemes and the widest and narrowest screen; all with NONLOCAL_MED_SLOW=1
  const screens = [
    ['light', 1280],
    ['dark', 360],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const;
  it.each(process.env.NONLOCAL_MED_SLOW === '1' ? screens : screens.slice(0, 2))(
    'passes axe and fits the screen, %s at %i pixels',
    async (colorScheme, width) => {
      const other = await open({
        viewport: { width, height: 800 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
      const axe = await readFile(
        createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
        'utf8',
      );
      await other.evaluate(axe);
      const check = (): Promise<string[]> =>
        other.evaluate(async () => {
          const { violations } = await (
            window as unknown as {
              axe: {
                run: () => Promise<{
                  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
                }>;
              };
            }
          ).axe.run();
          return violations.map(
            ({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`,
          );
        });
      expect(await check()).toEqual([]);
      await other.locator('.card button').first().click();
      expect(await check()).toEqual([]);
      await other.locator('#gallery-close').click();
      await other.locator('#confusion button.cell:visible').first().click();
      expect(await check()).toEqual([]);
      await other.close();
    },
  );

  it('shows all columns of the results on a narrow screen, each value with its title', async () => {
    const narrow = await open({ viewport: { width: 390, height: 800 } });
    const tables = narrow.locator('#results .scroll:visible, #disagreement .scroll:visible');
    expect(await tables.count()).toBeGreaterThan(2);
    const hidden = await tables.evaluateAll((elements) =>
      elements.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    );
    expect(hidden.filter((width) => width > 0)).toEqual([]);
    const cell = narrow.locator('#results .results:visible td').first();
    expect(await cell.evaluate((element) => getComputedStyle(element, '::before').content)).toBe(
      '"AUC"',
    );
    await narrow.close();
  });

  it('keeps short names of classes on one line', async () => {
    const names = page.locator('#disagreement .short:visible');
    expect(await names.allTextContents()).toContain('mild & early');
    const lines = await names.evaluateAll((elements) =>
      elements.map((element) => element.getClientRects().length),
    );
    expect(new Set(lines)).toEqual(new Set([1]));
  });

  it('prints all sections without controls', async () => {
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('main > section:visible').count()).toBe(10);
    expect(await page.locator('#curves figure:visible').count()).toBe(6);
    expect(await page.locator('.choices:visible, #gallery-controls:visible').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
  });

  it('has reported no issue and made no request in all tests', () => {
    expect(issues).toEqual([]);
    expect(
      requests.filter((url) => !url.startsWith('data:') && url !== pathToFileURL(file).href),
    ).toEqual([]);
  });
});
