import { join } from 'node:path';
import { oneVsRest } from '@nonlocal-med/metrics';
import { readRun } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatEstimate } from '../../tables/numberText.js';
import { curvesFigure, type CurvesFigureOptions } from './curvesFigure.js';

const root = await temporaryFolder('curves-figure');
const findings = ['effusion', 'mass & <nodule>'];
const [plain, better, grades] = ['plain', 'better', 'grades'].map((name) => join(root, name));

beforeAll(async () => {
  await writeSyntheticRun(plain, { model: 'resnet18', skill: 0.5, findings });
  await writeSyntheticRun(better, { model: 'resnet18-nla', skill: 2, findings });
  await writeSyntheticRun(grades, { model: 'resnet18', skill: 1 });
});

/** The texts that are not in a plot, and the number of lines of each plot. */
async function read(options: CurvesFigureOptions): Promise<{ texts: string[]; plots: number[] }> {
  const { document } = parseHTML(await curvesFigure(options));
  const plots = [...document.querySelectorAll('svg svg')];
  const texts = [...document.querySelectorAll('text')].filter((text) => !text.closest('svg svg'));
  return {
    texts: texts.map(({ textContent }) => textContent),
    plots: plots.map((plot) => plot.querySelectorAll('g[stroke-width="2"] > path').length),
  };
}

describe('curvesFigure', () => {
  it.each([
    ['roc', 'AUC', 'auc'],
    ['precision-recall', 'AP', 'averagePrecision'],
  ] as const)(
    'draws the %s of each finding, with the number of each run as recorded',
    async (kind, title, metric) => {
      const reports = await Promise.all(
        [plain, better].map(async (run) => oneVsRest((await readRun(run)).metrics!.selected!)),
      );
      const { texts, plots } = await read({ runs: [plain, better], kind });
      expect(plots).toEqual([2, 2]);
      expect(texts).toEqual([
        ...findings.flatMap((finding, f) => [
          finding,
          `${reports[0][f].positives} of ${reports[0][f].samples} test images`,
          ...reports.map((report) => `${title} ${formatEstimate(report[f][metric])}`),
        ]),
        'resnet18',
        'resnet18-nla',
        'Intervals and bands: 95 %, by resampling test images.',
      ]);
      expect(texts[2]).toMatch(/^A\w+ 0\.\d{3} \(0\.\d\d to 0\.\d\d\)$/);
    },
  );

  it('draws each class against the rest, with titles and weights that were chosen', async () => {
    const { metrics } = await readRun(grades);
    const names = metrics!.classes.map((name) => `${name} vs. rest`);
    const options = { runs: [grades], kind: 'roc', titles: ['Grades'] } as const;
    const { texts, plots } = await read({ ...options, weights: 'last' });
    expect(plots).toEqual(names.map(() => 1));
    expect(texts.filter((text) => text.includes('vs.'))).toEqual(names);
    expect(texts).toContain(`AUC ${formatEstimate(oneVsRest(metrics!.last)[0].auc)}`);
    expect(texts).not.toContain('Grades'); // a single run needs no legend
  });

  it('is a standalone file without variables of a style sheet', async () => {
    const svg = await curvesFigure({ runs: [plain], kind: 'roc' });
    expect(svg).toMatch(/^<svg\s+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('mass &amp; &lt;nodule&gt;');
    expect(svg).not.toContain('var(');
  });

  it('refuses runs with other classes or findings', async () => {
    await expect(curvesFigure({ runs: [plain, grades], kind: 'roc' })).rejects.toThrow(
      /grades: has the classes or findings grade 0, .*runs with those of .*plain: effusion/,
    );
  });
});
