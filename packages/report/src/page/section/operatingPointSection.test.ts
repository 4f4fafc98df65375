import { join } from 'node:path';
import { readRun } from '@nonlocal-med/runs';
import { type SyntheticRun, temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { percentText, thresholdText } from '../../decision/describeDecision.js';
import { reportPage } from '../reportPage.js';

const root = await temporaryFolder('operating-point-section');

async function pageOf(name: string, options: Partial<SyntheticRun> = {}): Promise<Document> {
  const folder = join(root, name);
  await writeSyntheticRun(folder, { model: name, skill: 1.5, decided: true, ...options });
  const text = await reportPage({ runs: [folder], images: 0, base: root });
  return parseHTML(text).document;
}

const textOf = (element: Element | null): string =>
  element?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';

describe('the operating points of a run on its page', () => {
  let section: Element;
  beforeAll(async () => {
    section = (await pageOf('decided')).querySelector('#operating-points')!;
  });

  it('are a table with the numbers of metrics.json, test beside validation', async () => {
    const { metrics } = await readRun(join(root, 'decided'));
    const [{ chosen, test }] = metrics!.decision!.selected!.points;
    const row = [...section.querySelectorAll('[data-weights=selected] tbody tr')][0];
    const cells = [...row.querySelectorAll('th, td')].map(textOf);
    expect(cells.slice(0, 7)).toEqual([
      'grade 0',
      "the largest Youden's J (sensitivity + specificity - 1)",
      thresholdText(chosen.threshold),
      percentText(test.sensitivity),
      percentText(test.specificity),
      percentText(test.ppv),
      percentText(test.npv),
    ]);
    expect(cells[7]).toBe(
      `sensitivity ${(100 * chosen.sensitivity).toFixed(1)} %, specificity ${(100 * chosen.specificity).toFixed(1)} %, 60 validation images`,
    );
  });

  it('come with the calibration before and after, as numbers and as a diagram', async () => {
    const { metrics } = await readRun(join(root, 'decided'));
    const { before, after } = metrics!.decision!.selected!;
    const table = [...section.querySelectorAll('[data-weights=selected] table')].find((element) =>
      textOf(element).startsWith('Calibration before and after'),
    )!;
    const rows = [...table.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('th, td')].map(textOf),
    );
    expect(rows.map(([, step]) => step.split(' (')[0])).toEqual(['before', 'after']);
    expect(rows[0][4].startsWith(before.logLoss.value!.toFixed(3))).toBe(true);
    expect(rows[1][4].startsWith(after!.logLoss.value!.toFixed(3))).toBe(true);
    expect(rows[1][4]).toMatch(/^\d\.\d{3} \(\d\.\d\d to \d\.\d\d\)$/);
    expect(textOf(section)).toContain('decided, calibrated');
  });

  it('come with a decision curve for each class', () => {
    const titles = [...section.querySelectorAll('[data-weights=selected] figcaption strong')].map(
      textOf,
    );
    expect(titles.filter((title) => title.startsWith('Net benefit'))).toEqual([
      'Net benefit, grade 0',
      'Net benefit, grade 1',
      'Net benefit, grade 2',
    ]);
  });

  it('are left out for a run without any', async () => {
    const page = await pageOf('older', { decided: false });
    expect(page.querySelector('#operating-points')).toBeNull();
    expect(page.querySelector('#calibration')).not.toBeNull();
  });
});

describe('a page without room for its predictions', () => {
  const page = async (options: Partial<SyntheticRun>, bytes: number): Promise<Document> => {
    const folder = join(root, 'large');
    await writeSyntheticRun(folder, {
      model: 'large',
      skill: 1.5,
      decided: true,
      images: 120,
      ...options,
    });
    return parseHTML(await reportPage({ runs: [folder], images: 0, base: root, bytes })).document;
  };

  it.each([
    ['classes', {}, '#confusion'],
    ['findings', { findings: ['effusion', 'mass'] }, '#counts'],
  ])('says so where it would show them, for %s', async (_, options, counts) => {
    const without = await page(options, 8000);
    expect(without.querySelector('.explorer')).toBeNull();
    for (const section of ['#operating-points', counts])
      expect(textOf(without.querySelector(`${section} [data-weights=selected]`))).toContain(
        "This page has no room for the test predictions of large: their numbers do not open images, and their threshold cannot be moved. Each image's probabilities are in the predictions files of the run folders.",
      );
    expect(textOf((await page(options, 5_000_000)).body)).not.toContain('has no room');
  });
});
