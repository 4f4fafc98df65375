import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationReport, MetricEstimate } from '@nonlocal-med/metrics';
import {
  syntheticPredictions,
  temporaryFolder,
  writeSyntheticExperiment,
  writeSyntheticExplanations,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../reportPage.js';

const folder = await temporaryFolder('first-screen');
const at = (...names: string[]): string => join(folder, ...names);
const model = { model: 'resnet18', skill: 1.2, seed: 4, images: 90 };

const textsOf = (page: string, selector: string): string[] =>
  [...parseHTML(page).document.querySelectorAll(selector)].map((element) =>
    element.textContent.replaceAll(/\s+/g, ' ').trim(),
  );
const inLast = (selector: string): string => `#summary .panel[data-weights="last"] ${selector}`;
const percent = (fraction: number | null): string => (100 * fraction!).toFixed(1);
const shown = ({ value, interval }: MetricEstimate): string =>
  `${percent(value)} % 95 % confidence interval: ${percent(interval!.lower)} to ${percent(interval!.upper)} %`;

describe('the first screen of a run', () => {
  let page: string;
  let report: EvaluationReport;

  beforeAll(async () => {
    await writeSyntheticRun(at('run'), model);
    await writeSyntheticExplanations(at('run'), { ...model, explained: 60 });
    const metrics = await readFile(at('run', 'metrics.json'), 'utf8');
    report = (JSON.parse(metrics) as { last: EvaluationReport }).last;
    page = await reportPage({ runs: [at('run')], weights: 'last' });
  });

  it('has four numbers with their intervals', () => {
    const { auc, sensitivity, specificity, accuracy } = report.metrics;
    const tiles = textsOf(page, inLast('.key-numbers > div'));
    expect(tiles).toHaveLength(4);
    [auc, sensitivity, specificity, accuracy].forEach((estimate, i) =>
      expect(tiles[i]).toContain(shown(estimate)),
    );
  });

  it('counts right images, and names the classes found least and most often', () => {
    const { confusionMatrix, classes } = report;
    const right = confusionMatrix.map((row, c) => row[c]);
    const totals = confusionMatrix.map((row) => row.reduce((sum, count) => sum + count, 0));
    const order = [...classes.keys()].sort((a, b) => right[a] / totals[a] - right[b] / totals[b]);
    const [worst, best] = [order[0], order.at(-1)!];
    expect(textsOf(page, inLast('.lead'))[0]).toContain(
      `It puts ${right.reduce((sum, count) => sum + count, 0)} of 90 test images into the right class. ${classes[worst]} is found least often (${right[worst]} of ${totals[worst]} images), ${classes[best]} most often (${right[best]} of ${totals[best]}).`,
    );
  });

  it('draws every class with its values and intervals', () => {
    const rows = [...parseHTML(page).document.querySelectorAll(inLast('.tracks tbody tr'))];
    expect(rows.map((row) => row.querySelector('th')!.textContent.trim().slice(0, 7))).toEqual(
      report.classes,
    );
    rows.forEach((row, c) => {
      const { auc, sensitivity, specificity } = report.perClass[c];
      const cells = [...row.querySelectorAll('td')];
      [auc, sensitivity, specificity].forEach((estimate, i) => {
        expect(cells[i].textContent).toContain(percent(estimate.value));
        expect(cells[i].querySelector('.dot')!.getAttribute('style')).toBe(
          `--at: ${percent(estimate.value)}%`,
        );
      });
    });
  });

  it('shows the errors that the model was surest of, in order', () => {
    const { labels, probabilities, classes, ids } = syntheticPredictions(model);
    const errors = Array.from({ length: 60 }, (_, i) => {
      const row = [...probabilities.subarray(i * classes.length, (i + 1) * classes.length)];
      const confidence = Math.max(...row);
      return { id: ids[i], confidence, wrong: row.indexOf(confidence) !== labels[i] };
    })
      .filter(({ wrong }) => wrong)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, 8);
    expect(errors.length).toBeGreaterThan(4);
    expect(
      [...parseHTML(page).document.querySelectorAll('.error-list .image')].map((image) =>
        image.getAttribute('alt'),
      ),
    ).toEqual(errors.map(({ id }) => id));
  });

  it('says nothing that only several models can show', () => {
    expect(textsOf(page, '#results thead th')).not.toContain('AUC interval');
    expect(textsOf(page, '#summary dt')).not.toContain('Models');
  });

  it('lists each class openly, with its interval in a second line', () => {
    const { auc, support } = report.perClass[1];
    const table = parseHTML(page).document.querySelector(
      '#results .panel[data-weights="last"] > .scroll:last-of-type table',
    )!;
    const [images, first] = table.querySelectorAll('tbody tr:nth-child(2) td');
    expect(images.textContent).toBe(String(support));
    expect(first.innerHTML.trim()).toContain((100 * auc.value!).toFixed(2));
    expect(first.querySelector('br + small')!.textContent).toBe(
      `(${[auc.interval!.lower, auc.interval!.upper].map((end) => (100 * end).toFixed(2)).join(' to ')})`,
    );
  });
});

describe('the first screen of other pages', () => {
  it('has the rates at the only operating point of a run with two classes', async () => {
    const classes = ['healthy', 'lesion'];
    await writeSyntheticRun(at('two'), { ...model, classes, decided: true });
    const { decision } = JSON.parse(await readFile(at('two', 'metrics.json'), 'utf8')) as {
      decision: { last: { points: { test: Record<string, MetricEstimate> }[] } };
    };
    const [{ test }] = decision.last.points;
    const page = await reportPage({ runs: [at('two')], weights: 'last' });
    const tiles = textsOf(page, inLast('.key-numbers > div'));
    expect(tiles[1]).toContain(`Sensitivity for lesion ${shown(test.sensitivity)}`);
    expect(tiles[2]).toContain(`Specificity for lesion ${shown(test.specificity)}`);
    expect(tiles[3]).toContain(`Positive predictive value ${shown(test.ppv)}`);
  });

  it('names the finding that is recognized best and worst', async () => {
    const findings = ['effusion', 'mass', 'edema'];
    await writeSyntheticRun(at('findings'), { ...model, findings });
    const page = await reportPage({ runs: [at('findings')] });
    expect(textsOf(page, '#summary .lead')[0]).toMatch(
      /(effusion|mass|edema) is recognized best \(AUC \d+\.\d %\), (effusion|mass|edema) worst \(AUC \d+\.\d %\)\./,
    );
    expect(textsOf(page, '#summary .lead')[0]).toMatch(/ reaches a mean AUC of \d/);
    expect(textsOf(page, '#summary .key-numbers dt')[0]).toBe('Mean AUC');
  });

  it('compares two models, and counts significant differences among more', async () => {
    await writeSyntheticRun(at('better'), { ...model, model: 'resnet18-nla', skill: 2.5, seed: 5 });
    const two = await reportPage({ runs: [at('run'), at('better')], images: 0 });
    expect(textsOf(two, '#summary .panel:first-of-type .key-numbers dt')).toEqual([
      'AUC',
      'AUC',
      'Difference in AUC',
      'Difference in sensitivity',
    ]);
    await writeSyntheticExperiment(at('experiment'), {
      skills: { plain: 0.3, se: 0.4, nla: 2.5, cbam: 0.5 },
      repeats: 3,
    });
    const many = await reportPage({ experiment: at('experiment'), images: 0 });
    const tiles = textsOf(many, inLast('.key-numbers > div'));
    expect(tiles[1]).toContain('nla, with the largest gain');
    expect(tiles[3]).toMatch(/^Significant differences \d of 3/);
    expect(textsOf(many, inLast('.tracks tbody th'))).toEqual(['plain', 'se', 'nla', 'cbam']);
  });
});
