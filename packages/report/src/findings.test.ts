import { join } from 'node:path';
import { compareFindings, evaluateFindings, type FindingsReport } from '@nonlocal-med/metrics';
import { readExperimentFolder, readRun, type RunRecord } from '@nonlocal-med/runs';
import {
  syntheticFindings,
  type SyntheticRun,
  temporaryFolder,
  writeSyntheticExperiment,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { compareRunRecords } from './compare/compareRunRecords.js';
import { renderRuns } from './compare/renderRuns.js';
import { runsToText } from './compare/runsToText.js';
import { renderSummary } from './experimentTables/renderSummary.js';
import { summaryToText } from './experimentTables/summaryToText.js';
import { reportPage } from './page/reportPage.js';
import { resultCautions } from './statistics/resultCautions.js';
import { summarizeExperiment } from './statistics/summarizeExperiment.js';
import { evaluationRemarks } from './tables/evaluationRemarks.js';
import { evaluationTable } from './tables/evaluationTable.js';
import { findingTables } from './tables/findingTables.js';
import type { Table } from './tables/table.js';

const folder = await temporaryFolder('findings');
const findings = ['effusion', 'mass', 'edema'];

async function syntheticRun(name: string, options: Partial<SyntheticRun> = {}): Promise<RunRecord> {
  await writeSyntheticRun(join(folder, name), {
    model: name,
    skill: 1,
    findings,
    images: 120,
    ...options,
  });
  return readRun(join(folder, name));
}

const first = await syntheticRun('first');
const second = await syntheticRun('second', { seed: 1, skill: 2 });
const report = first.metrics!.selected as FindingsReport;

const formatTable = (columns: Table['columns'], rows: Table['rows']): string =>
  [columns.map(({ title }) => title), ...rows].map((row) => row.join('  ')).join('\n');

describe('tables of findings', () => {
  it('has one row per finding, then the mean of findings and all labels', () => {
    const [areas, calls] = findingTables(report);
    const names = [...findings, 'mean of findings'];
    expect(areas.rows.map(([name]) => name)).toEqual([...names, 'all labels']);
    expect(calls.rows.map(([name]) => name)).toEqual(names);
    const { positives, negatives, auc } = report.perFinding[1];
    expect(areas.rows[1][1]).toBe(`${positives} of ${positives + negatives}`);
    expect(areas.rows[1][2]).toMatch(new RegExp(`^${auc.value!.toFixed(3)} \\(0\\.\\d\\d to `));
    expect(areas.rows[4][2]).toContain(report.micro.auc.value!.toFixed(3));
    expect(calls.rows[0].slice(0, 2)).toEqual(['effusion', '0.5']);
    for (const { columns, rows } of [areas, calls])
      for (const row of [columns.map(({ title }) => title), ...rows])
        expect(row.join('  ').length).toBeLessThanOrEqual(80);
  });

  it('shows averages next to each other for several reports', () => {
    const { columns, rows } = evaluationTable([{ name: 'x', report }]);
    expect(columns.map(({ title }) => title)).toEqual([
      '',
      'mean AUC',
      'mean average precision',
      'mean sensitivity',
      'mean specificity',
      'AUC, all labels',
      'average precision, all labels',
    ]);
    expect(rows[0][1]).toContain(report.macro.auc.value!.toFixed(3));
  });

  it('says what is not defined and what was left out', () => {
    const predictions = syntheticFindings({ findings, skill: 1 });
    const none = evaluateFindings({
      ...predictions,
      labels: predictions.labels.map((label, i) => (i % 3 === 1 ? 0 : label)),
    });
    expect(evaluationRemarks(none).join(' ')).toContain('Never present: "mass".');
  });
});

describe('resultCautions of findings', () => {
  it('names findings with few positive images or patients, those never found, and a mean AUC that may be chance', () => {
    const few = syntheticFindings({ findings, skill: 0, images: 40, imagesPerPatient: 2 });
    const tested = evaluateFindings(
      { ...few, probabilities: few.probabilities.map((_, i) => ((i * 7) % 13) / 30) },
      { bootstrap: { resamples: 200 } },
    );
    const [, , edema] = tested.perFinding;
    expect(edema.sensitivity.value).toBe(0);
    const cautions = resultCautions([{ reports: [tested] }]);
    expect(cautions[0]).toMatch(/interval of the mean AUC \(.*\) includes 0\.5/);
    const small = cautions.find((text) => text.includes('too small'));
    expect(small).toMatch(
      /^The test set is too small to judge .*edema \(\d+ images? of \d patients?\)/,
    );
    expect(small).toContain('at least 10 images and patients with each finding are needed');
    expect(cautions.join('\n')).toContain(
      `of the ${edema.positives} test images with edema is found (sensitivity 0).`,
    );
  });
});

describe('compareRunRecords of findings', () => {
  const comparison = compareRunRecords([first, second], { resamples: 200 });

  it('has the tests of compareFindings, adjusted for all findings', () => {
    const [a, b] = [second, first].map(({ predictions }) => predictions.selected!);
    if (!('findings' in a && 'findings' in b)) throw new Error('no findings');
    const expected = compareFindings(a, b, { resamples: 200 });
    const [{ pValues }] = comparison.differences;
    expect(comparison.task).toBe('multilabel');
    expected.perFinding.forEach(({ finding, auc, aucAdjusted }) => {
      expect(auc.z).not.toBeNull();
      expect(pValues[`auc of ${finding}`]).toEqual({ pValue: auc.pValue, adjusted: aucAdjusted });
    });
    expect(pValues.auc.pValue).toBe(expected.auc.pValue);
  });

  it('is shown with a row per finding', () => {
    const text = runsToText(comparison, { formatTable });
    expect(text).toContain('AUC  first  second  difference  p (Holm)\neffusion  ');
    expect(text).toContain('has the higher mean AUC, by ');
    expect(text).toContain('(paired bootstrap on 120 test images');
    const csv = renderRuns(comparison, 'csv').split('\n');
    const { value } = (second.metrics!.selected as FindingsReport).perFinding[2].auc;
    expect(csv.find((line) => line.startsWith('second,auc of edema,'))).toContain(`,${value},`);
    expect(renderRuns(comparison, 'tex')).toContain('micro AUC');
  });

  it('refuses runs of another task', async () => {
    const classes = await syntheticRun('classes', { findings: undefined });
    expect(() => compareRunRecords([first, classes], { resamples: 5 })).toThrow(
      'findings are effusion, mass, edema (those of predictions 1: grade 0, grade 1, grade 2 (classes))',
    );
  });
});

describe('an experiment with findings', async () => {
  const path = join(folder, 'experiment');
  await writeSyntheticExperiment(path, {
    skills: { resnet18: 0.6, 'resnet18-nla': 2 },
    kind: 'seeds',
    repeats: 3,
    images: 90,
    findings,
  });
  const experiment = await readExperimentFolder(path);
  const summary = summarizeExperiment(experiment, { resamples: 100 });

  it('averages every metric over repeats and compares it with the baseline', () => {
    const reports = experiment.runs
      .filter(({ row }) => row === 'resnet18-nla')
      .map(({ run }) => run!.metrics!.last as FindingsReport);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const { metrics, comparison } = summary.rows[1];
    expect(summary).toMatchObject({ task: 'multilabel', classes: findings });
    expect(metrics.auc.mean).toBeCloseTo(mean(reports.map(({ macro }) => macro.auc.value!)), 12);
    expect(metrics['micro averagePrecision'].mean).toBeCloseTo(
      mean(reports.map(({ micro }) => micro.averagePrecision.value!)),
      12,
    );
    const mass = metrics['auc of mass'];
    expect(mass.mean).toBeCloseTo(
      mean(reports.map(({ perFinding }) => perFinding[1].auc.value!)),
      12,
    );
    expect(mass.interval!.lower).toBeLessThan(mass.mean!);
    const { onImages, perRepeat } = comparison!.metrics['auc of mass'];
    expect(onImages!.test).toBe('DeLong');
    expect(perRepeat.map((test) => test!.test)).toEqual(['DeLong', 'DeLong', 'DeLong']);
    expect(comparison!.metrics.auc.onImages!.test).toBe('paired bootstrap');
  });

  it('adjusts the p values of all findings together', () => {
    const tests = findings.map(
      (finding) => summary.rows[1].comparison!.metrics[`auc of ${finding}`].overRepeats,
    );
    const smallest = tests.toSorted((a, b) => a.pValue! - b.pValue!)[0];
    expect(smallest.adjusted).toBeCloseTo(Math.min(1, 3 * smallest.pValue!), 12);
    const { overRepeats } = summary.rows[1].comparison!.metrics.auc;
    expect(overRepeats.adjusted).toBe(overRepeats.pValue);
  });

  it('is rendered in every format, within 80 columns', () => {
    const text = summaryToText(summary, { formatTable });
    expect(text).toContain('AUC of each finding');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const markdown = renderSummary(summary, 'md');
    expect(markdown).toContain('|  | effusion | mass | edema |');
    expect(markdown).toContain('**AUC of mass**');
    expect(markdown).toContain('Metrics over all labels take the labels of all findings together');
    const csv = renderSummary(summary, 'csv');
    expect(csv).toContain(',auc of edema,last,');
    expect(csv).toContain(',micro auc,last,');
    const latex = renderSummary(summary, 'tex');
    expect(latex.match(/\\begin/g)).toHaveLength(latex.match(/\\end/g)!.length);
    const json = JSON.parse(renderSummary(summary, 'json')) as {
      rows: { metrics: Record<string, { mean: number }> }[];
    };
    expect(json.rows[1].metrics['auc of mass'].mean).toBe(
      summary.rows[1].metrics['auc of mass'].mean,
    );
  });

  it('refuses runs with other findings', async () => {
    await writeSyntheticRun(join(path, 'runs/resnet18/1'), {
      model: 'resnet18',
      skill: 1,
      findings: ['a', 'b', 'c'],
    });
    const mixed = await readExperimentFolder(path);
    expect(() => summarizeExperiment(mixed)).toThrow(
      'resnet18, repeat 2: has the findings a, b, c (expected those of resnet18, repeat 1: effusion, mass, edema)',
    );
  });
});

describe('the page of findings', async () => {
  const page = await reportPage({ runs: [first.path, second.path] });

  it('has results, curves, calibration, calls and disagreements of each finding', () => {
    const { perFinding } = report;
    expect(page).toContain('<h2 id="results-title">');
    expect(page).toContain('Results by finding, best checkpoint');
    expect(page).toContain('<option value="">all findings</option>');
    expect(page).toContain('<strong>effusion</strong>');
    expect(page).toContain(
      `${perFinding[0].positives} of ${perFinding[0].positives + perFinding[0].negatives} test images`,
    );
    expect(page).toContain('<strong>mass, first</strong>');
    expect(page).toContain('Right and wrong calls');
    expect(page).not.toContain('Confusion matrices');
    expect(page).toContain('only second correct');
    expect(page).toContain('Test images with each finding');
  });

  it('counts calls as the report does', () => {
    const { positives, negatives, predicted, sensitivity, unknown } = report.perFinding[0];
    const found = Math.round(sensitivity.value! * positives);
    const row = [
      '0.5',
      found,
      positives - found,
      predicted - found,
      negatives - (predicted - found),
      unknown,
    ].map(String);
    const rows = [...parseHTML(page).document.querySelectorAll('tr')].map((tableRow) =>
      [...tableRow.querySelectorAll('td.number')].map((cell) => cell.textContent?.trim()),
    );
    expect(rows).toContainEqual(row);
  });
});
