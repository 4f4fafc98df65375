import { evaluatePredictions } from '@nonlocal-med/metrics';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { renderSummary } from '../experimentTables/renderSummary.js';
import { reportPage } from '../page/reportPage.js';
import { cautionText, resultCautions } from './resultCautions.js';
import { summarizeExperiment } from './summarizeExperiment.js';

/** The probability of class b is `scores`; the first `healthy` images are of class a. */
const report = (
  healthy: number,
  scores: readonly number[],
  groups?: readonly string[],
): ReturnType<typeof evaluatePredictions> =>
  evaluatePredictions(
    {
      classes: ['a', 'b'],
      ids: scores.map((_, i) => `image-${i}`),
      labels: Int32Array.from(scores, (_, i) => Number(i >= healthy)),
      probabilities: Float64Array.from(scores.flatMap((score) => [1 - score, score])),
      groups,
    },
    { bootstrap: { resamples: 200 } },
  );
const separated = [...Array<number>(20).fill(0.1), ...Array<number>(20).fill(0.9)].map(
  (score, i) => score + i / 1000,
);

describe('resultCautions', () => {
  it('has none for a large test set that is told apart', () => {
    expect(resultCautions([{ reports: [report(20, separated)] }])).toEqual([]);
    expect(cautionText([])).toBe('');
  });

  it('names a class with few images and the step of its sensitivity, with the advice to use folds', () => {
    const cautions = resultCautions([{ reports: [report(20, separated.slice(0, 24))] }], {
      canFold: true,
    });
    expect(cautions[0]).toBe(
      'The test set is too small to judge b (4 images): at least 10 images and patients of each class are needed; a single image changes the sensitivity of the smallest class by 25 percentage points.',
    );
    expect(cautions.at(-1)).toMatch(
      /--protocol folds\.\npnpm --filter trainer start train --folds 5 --data DATA$/,
    );
    expect(cautionText(cautions)).toMatch(/^Caution: The test set is too small/);
  });

  it('advises folds only where they are possible', () => {
    const few = [{ reports: [report(20, separated.slice(0, 24))] }];
    const advises = (...options: Parameters<typeof resultCautions>[1][]): boolean =>
      resultCautions(few, ...options).some((caution) => caution.includes('--protocol folds'));
    expect(advises({ canFold: true })).toBe(true);
    expect(advises({ kind: 'splits' })).toBe(true);
    expect(advises()).toBe(false);
    expect(advises({ kind: 'seeds' })).toBe(false);
    expect(advises({ kind: 'folds' })).toBe(false);
    expect(advises({ kind: 'splits', canFold: false })).toBe(false);
  });

  it('does not call copies of images patients', () => {
    const groups = separated.map((_, i) => (i < 2 ? 'copy' : `image ${i}`));
    const models = [{ reports: [report(8, separated.slice(12, 36), groups.slice(0, 24))] }];
    expect(resultCautions(models)[0]).toContain('a (8 images of 7 patients)');
    expect(resultCautions(models, { patientsKnown: false })[0]).toContain('a (8 images):');
  });

  it('counts patients, not their images', () => {
    const groups = separated.map((_, i) => (i < 20 ? `p${i}` : `q${i % 3}`));
    expect(resultCautions([{ reports: [report(20, separated, groups)] }])[0]).toContain(
      'b (20 images of 3 patients)',
    );
  });

  it('reports an AUC whose interval includes chance', () => {
    const guessed = separated.map((_, i) => 0.5 + 0.3 * Math.sin(7 * i));
    expect(resultCautions([{ title: 'resnet18', reports: [report(20, guessed)] }])[0]).toMatch(
      /^The 95 % interval of the AUC of resnet18 \(0\.\d{3} to 0\.\d{3}\) includes 0\.5: guessing/,
    );
    expect(resultCautions([{ reports: [report(20, guessed)] }], { unit: 'percent' })[0]).toMatch(
      /^The 95 % interval of the AUC \(\d\d\.\d to \d\d\.\d %\) includes 50 %: guessing/,
    );
  });

  it('reports a class of which no image is found', () => {
    const missed = separated.map((score) => score / 4);
    expect(resultCautions([{ reports: [report(20, missed)] }])).toEqual([
      'None of the 20 test images of b is found (sensitivity 0).',
    ]);
  });

  it('puts observations on the data first, and names the models that cautions belong to unless all have them', () => {
    const [large, small] = [separated, separated.slice(0, 24)].map((scores) => [
      report(20, scores),
    ]);
    const dataCautions = ['The split leaks.'];
    expect(resultCautions([{ reports: large, dataCautions }])).toEqual(dataCautions);
    expect(
      resultCautions([
        { title: 'A', reports: large, dataCautions },
        { title: 'B', reports: small },
      ]).slice(0, 2),
    ).toEqual(['A: The split leaks.', expect.stringMatching(/^B: The test set is too small/)]);
    expect(
      resultCautions(['A', 'B'].map((title) => ({ title, reports: large, dataCautions }))),
    ).toEqual(dataCautions);
  });

  it('puts the gravest first: the data, chance, a class that is never found, then small classes', () => {
    const guessed = Array.from({ length: 23 }, (_, i) => 0.2 + 0.1 * Math.sin(7 * i));
    const cautions = resultCautions(
      [{ reports: [report(19, guessed)], dataCautions: ['The split leaks.'] }],
      { canFold: true },
    );
    expect(cautions.map((caution) => caution.split(' ').slice(0, 3).join(' '))).toEqual([
      'The split leaks.',
      'The 95 %',
      'None of the',
      'The test set',
      'A cross-validation tests',
    ]);
  });

  it('counts the images of all folds together', async () => {
    const folder = await temporaryFolder('cautions');
    const skills = { resnet18: 2 };
    const small = { skills, images: 18, repeats: 4 };
    await writeSyntheticExperiment(folder, { ...small, kind: 'seeds' });
    const [caution] = summarizeExperiment(await readExperimentFolder(folder), {
      resamples: 20,
    }).cautions;
    expect(caution).toMatch(/too small to judge grade 0 \(\d images\)/);
    const splits = await temporaryFolder('cautions-splits');
    await writeSyntheticExperiment(splits, { ...small, kind: 'splits' });
    const summary = summarizeExperiment(await readExperimentFolder(splits), { resamples: 20 });
    expect(summary.cautions.join()).not.toContain('too small');

    const page = await reportPage({ experiment: folder });
    expect(page).toContain(
      '<p class="caution"><strong>Caution:</strong> The test set is too small',
    );
    const { rules } = JSON.parse(
      renderSummary(
        summarizeExperiment(await readExperimentFolder(folder), { resamples: 20 }),
        'json',
      ),
    ) as { rules: string[] };
    expect(rules[0]).toBe(caution);
  });
});

describe('a table with two repeats', () => {
  it('lists the values and differences without bold, interval and p value', async () => {
    const folder = await temporaryFolder('two-repeats');
    await writeSyntheticExperiment(folder, { skills: { resnet18: 1, nla: 2 }, repeats: 2 });
    const summary = summarizeExperiment(await readExperimentFolder(folder), { resamples: 20 });
    const [first, second] = summary.rows[1].metrics.auc.values.map((value) =>
      (100 * value!).toFixed(2),
    );
    const markdown = renderSummary(summary, 'md');
    const results = markdown.split('### Differences')[0];
    expect(results).toContain(`| nla | ${first}, ${second} |`);
    expect(results).not.toContain('**');
    expect(results).toContain('Too few repeats to name a best model');
    expect(markdown).toMatch(/\| nla \| [+-]\d+\.\d\d, [+-]\d+\.\d\d \| - \| too few repeats \|/);
    const page = await reportPage({ experiment: folder });
    expect(page).toMatch(/in single repeats [+−]\d+\.\d\d, [+−]\d+\.\d\d\)/);
    expect(page).not.toMatch(/confidence interval of the difference/);
  });
});

describe('quadratic kappa', () => {
  it('is shown for grades only', async () => {
    for (const [name, classes, shown] of [
      ['grades', ['grade 0', 'grade 1', 'grade 2'], true],
      ['diseases', ['COVID-19', 'NORMAL', 'Pneumonia'], false],
    ] as const) {
      const folder = await temporaryFolder(name);
      await writeSyntheticExperiment(folder, { skills: { resnet18: 1 }, repeats: 1, classes });
      const summary = summarizeExperiment(await readExperimentFolder(folder), { resamples: 20 });
      expect(renderSummary(summary, 'md').includes('kappa')).toBe(shown);
      expect(renderSummary(summary, 'csv').includes('quadraticKappa')).toBe(shown);
      expect((await reportPage({ experiment: folder })).includes('quadratic kappa')).toBe(shown);
    }
  });
});
