import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DecisionReport } from '@nonlocal-med/metrics';
import {
  findChromium,
  syntheticFindings,
  syntheticPredictions,
  temporaryFolder,
  writeSyntheticExplanations,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../writeReport.js';

const executable = findChromium();
const required = process.env.NONLOCAL_MED_REQUIRE_CHROMIUM === '1';
const folder = await temporaryFolder('decisions-in-browser');
const model = { model: 'resnet18', skill: 1, seed: 3, images: 80, decided: true };
const findings = ['effusion', 'mass', 'edema'];

interface Case {
  readonly score: number;
  readonly isPositive: boolean;
}

/** Sensitivity and specificity as the page shows them, counted anew. */
function countedRates(cases: readonly Case[], threshold: number): string[] {
  const rate = (part: readonly Case[], isRight: (one: Case) => boolean): string => {
    const right = part.filter(isRight).length;
    return `${((100 * right) / part.length).toFixed(1)}\u00a0% ${right} of ${part.length}`;
  };
  return [
    rate(
      cases.filter((one) => one.isPositive),
      ({ score }) => score >= threshold,
    ),
    rate(
      cases.filter((one) => !one.isPositive),
      ({ score }) => score < threshold,
    ),
  ];
}

/** The threshold that decides differently next, halfway between the scores around it. */
function nextThreshold(cases: readonly Case[], threshold: number): number {
  const scores = [...new Set(cases.map(({ score }) => score))].sort((a, b) => a - b);
  return scores
    .slice(1)
    .map((score, i) => (score + scores[i]) / 2)
    .find((middle) => middle > threshold)!;
}

describe.skipIf(executable === null && !required)('decisions on the page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let ofFindings: Page;
  const thresholds: Record<string, number[]> = {};

  async function open(name: string, options: Parameters<typeof writeSyntheticRun>[1]) {
    const run = join(folder, name);
    await writeSyntheticRun(run, options);
    const { decision } = JSON.parse(await readFile(join(run, 'metrics.json'), 'utf8')) as {
      decision: { last: DecisionReport };
    };
    thresholds[name] = decision.last.points.map(({ chosen }) => chosen.threshold);
    if (name === 'classes') await writeSyntheticExplanations(run, { ...model, explained: 30 });
    const { file } = await writeReport({ runs: [run], weights: 'last' });
    const opened = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await opened.goto(pathToFileURL(file).href);
    return opened;
  }

  beforeAll(async () => {
    expect(executable, 'a Chromium, since NONLOCAL_MED_REQUIRE_CHROMIUM is set').not.toBeNull();
    browser = await chromium.launch({
      executablePath: executable!,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
    });
    page = await open('classes', model);
    ofFindings = await open('findings', { ...model, findings });
  });

  afterAll(async () => {
    await browser?.close();
  });

  const explorerOf = (from: Page) => from.locator('.explorer:visible');
  const shownRates = async (from: Page): Promise<string[]> =>
    (await explorerOf(from).locator('.rates dd').allInnerTexts())
      .slice(0, 2)
      .map((text) => text.replaceAll(/[ \n]+/g, ' ').trim());

  const { classes, labels, probabilities, ids } = syntheticPredictions(model);
  const casesOf = (positive: number): Case[] =>
    ids.map((_, i) => ({
      score: probabilities[i * classes.length + positive],
      isPositive: labels[i] === positive,
    }));

  it('starts at the stored threshold and follows the arrow keys with the right numbers', async () => {
    const cases = casesOf(0);
    const slider = explorerOf(page).locator('input[type=range]');
    let [threshold] = thresholds.classes;
    expect(await shownRates(page)).toEqual(countedRates(cases, threshold));
    expect(await slider.getAttribute('aria-valuetext')).toContain('as stored; sensitivity');
    await slider.focus();
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('ArrowRight');
      threshold = nextThreshold(cases, threshold);
    }
    expect(threshold).toBeGreaterThan(thresholds.classes[0]);
    expect(await shownRates(page)).toEqual(countedRates(cases, threshold));
    const rows = await explorerOf(page).locator('tbody tr').allInnerTexts();
    const called = classes.map((_, truth) => {
      const members = cases.filter((_case, i) => labels[i] === truth);
      const positive = members.filter(({ score }) => score >= threshold).length;
      return [classes[truth], positive, members.length - positive].join(' ');
    });
    expect(rows.map((row) => row.split(/\s*[\t\n]\s*/).join(' '))).toEqual(called);
    await page.keyboard.press('Home');
    expect((await shownRates(page))[0]).toMatch(/^100\.0/);
    await page.keyboard.press('End');
    expect((await shownRates(page))[1]).toMatch(/^100\.0/);
    await explorerOf(page).getByRole('button', { name: 'Back to the stored threshold' }).click();
    expect(await shownRates(page)).toEqual(countedRates(cases, thresholds.classes[0]));
  });

  it('decides for another class, and for a finding where its truth is known', async () => {
    await explorerOf(page).locator('select').selectOption({ index: 2 });
    expect(await shownRates(page)).toEqual(countedRates(casesOf(2), thresholds.classes[2]));
    await explorerOf(page).locator('select').selectOption({ index: 0 });
    const truth = syntheticFindings({ ...model, findings });
    const cases = truth.ids.flatMap((_, i): Case[] => {
      const label = truth.labels[i * findings.length + 1];
      const score = truth.probabilities[i * findings.length + 1];
      return label < 0 ? [] : [{ score, isPositive: label === 1 }];
    });
    expect(cases.length).toBeLessThan(truth.ids.length);
    await explorerOf(ofFindings).locator('select').selectOption({ index: 1 });
    expect(await shownRates(ofFindings)).toEqual(countedRates(cases, thresholds.findings[1]));
  });

  it('opens the images of a confusion cell by keyboard, surest first, and their large view', async () => {
    const isWrong = (i: number): boolean => {
      const row = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
      return labels[i] === 0 && row.indexOf(Math.max(...row)) === 1;
    };
    const expected = ids
      .map((id, i) => ({ id, i }))
      .filter(({ i }) => isWrong(i))
      .sort((a, b) => probabilities[b.i * 3 + 1] - probabilities[a.i * 3 + 1])
      .map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(1);
    const cell = page.locator('#confusion [data-outcome="0 1"]:visible button');
    await cell.focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('#list-dialog');
    expect(await dialog.locator('h3').textContent()).toBe(
      `True class grade 0, predicted grade 1: ${expected.length} images`,
    );
    expect(await dialog.locator('.id').allTextContents()).toEqual(expected);
    const pictured = expected.filter((id) => ids.indexOf(id) < 30);
    expect(await dialog.locator('img').count()).toBe(pictured.length);
    await dialog.locator('li button').first().click();
    expect(await page.locator('#dialog-title').textContent()).toBe(pictured[0]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
    expect(await cell.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('opens what is missed of a finding, least probable first', async () => {
    const truth = syntheticFindings({ ...model, findings });
    const missed = truth.ids
      .map((id, i) => ({ id, label: truth.labels[i * 3], score: truth.probabilities[i * 3] }))
      .filter(({ label, score }) => label === 1 && score < 0.5)
      .sort((a, b) => a.score - b.score)
      .map(({ id }) => id);
    const cell = ofFindings.locator('#counts [data-outcome="1 0"][data-finding="0"]:visible');
    expect(await cell.textContent()).toBe(String(missed.length));
    await cell.locator('button').click();
    expect(await ofFindings.locator('#list-dialog .id').allTextContents()).toEqual(missed);
    expect(await ofFindings.locator('#list-dialog h3').textContent()).toBe(
      `With effusion, not called positive: ${missed.length} images`,
    );
    await ofFindings.keyboard.press('Escape');
  });
});
