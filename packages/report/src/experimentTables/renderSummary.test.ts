import { readExperimentFolder } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentSummary } from '../statistics/experimentSummary.js';
import { summarizeExperiment } from '../statistics/summarizeExperiment.js';
import { renderSummary } from './renderSummary.js';
import { summaryToText } from './summaryToText.js';

const folder = await temporaryFolder('render');
let summary: ExperimentSummary;

beforeAll(async () => {
  await writeSyntheticExperiment(folder, {
    skills: { resnet18: 1, 'resnet18-se': 1, 'resnet18-nla': 2.5 },
    repeats: 6, // the best is set in bold from five repeats of every row on
    unfinished: { 'resnet18-se/4': 'missing' },
  });
  summary = summarizeExperiment(await readExperimentFolder(folder), { resamples: 50 });
});

/** Columns separated by two spaces. */
const formatTable = (
  columns: readonly { title: string }[],
  rows: readonly (readonly string[])[],
): string => [columns.map(({ title }) => title), ...rows].map((row) => row.join('  ')).join('\n');

describe('renderSummary', () => {
  it('shows published results, the best mean in bold, and marks significant differences', () => {
    const markdown = renderSummary(summary, 'md');
    const { mean, standardDeviation } = summary.rows[2].metrics.auc;
    expect(markdown).toContain(
      `| resnet18-nla<sup>b</sup> | **${(100 * mean!).toFixed(2)} ± ${(100 * standardDeviation!).toFixed(2)}**<sup>\\*</sup> | 95.39 ± 0.94 |`,
    );
    expect(markdown).toContain('| resnet18-se (5 of 6 runs) |');
    expect(markdown).toMatch(/\| hynet \(reported\)<sup>c<\/sup> \| - \| 94\.17 ± 1\.03 \|/);
    expect(markdown).toContain(
      "- <sup>a</sup> The paper's Table 1 gives this row's SEN as 77.50 ± 2.59",
    );
    expect(markdown).toContain('- resnet18-se, repeat 5: not started');
    expect(markdown).toContain(
      "p &lt; 0.05 after Holm's correction for the 2 comparisons in the same metric",
    );
  });

  it('renders LaTeX with balanced braces and environments', () => {
    const latex = renderSummary(summary, 'tex');
    expect(latex.match(/(?<!\\)\{/g)).toHaveLength(latex.match(/(?<!\\)\}/g)!.length);
    expect(latex.match(/\\begin/g)).toHaveLength(latex.match(/\\end/g)!.length);
    expect(latex).toContain('resnet18-nla\\textsuperscript{b} & {\\bfseries ');
    expect(latex).not.toMatch(/(?<!\\)%(?! \\usepackage|\n)/);
  });

  it('writes numbers in full precision to CSV', () => {
    const [header, ...lines] = renderSummary(summary, 'csv').trim().split('\n');
    const names = header.split(',');
    const line = lines
      .find((text) => text.startsWith('table2,resnet18-nla,resnet18-nla,,auc,'))!
      .match(/("[^"]*"|[^,]*)(?:,|$)/g)!
      .map((field) => field.replace(/,$/, ''));
    const value = (name: string): number => Number(line[names.indexOf(name)]);
    const { metrics, comparison } = summary.rows[2];
    expect(value('mean')).toBe(metrics.auc.mean);
    expect(value('value_4')).toBe(metrics.auc.values[3]);
    expect(value('repeats_p_holm')).toBe(comparison!.metrics.auc.overRepeats.adjusted);
    expect(value('published_mean')).toBe(95.39);
    expect(lines).toHaveLength(4 * 8);
  });

  it('keeps the keys and verdicts of JSON and CSV files', () => {
    const { rows } = JSON.parse(renderSummary(summary, 'json')) as {
      rows: { metrics: { auc: object }; comparison: { metrics: { auc: object } } }[];
    };
    const { metrics, comparison } = summary.rows[2];
    expect(Object.keys(rows[2].metrics.auc)).toEqual([
      'values',
      'undefinedBecause',
      'count',
      'mean',
      'deviation',
      'interval',
    ]);
    expect(rows[2].metrics.auc).toMatchObject({ deviation: metrics.auc.standardDeviation });
    expect(comparison!.metrics.auc.verdict).toBe('significant');
    expect(rows[2].comparison.metrics.auc).toMatchObject({
      deviation: comparison!.metrics.auc.standardDeviation,
      overRepeats: { pValue: comparison!.metrics.auc.overRepeats.pValue },
      verdict: 'more than noise',
    });
    const header = renderSummary(summary, 'csv').split('\n')[0].split(',');
    expect(header).toEqual(
      expect.arrayContaining(['mean', 'deviation', 'published_deviation', 'difference_deviation']),
    );
    expect(renderSummary(summary, 'csv')).toContain(',no more than noise,');
  });
});

describe('summaryToText', () => {
  it('fits into 80 columns', () => {
    const text = summaryToText(summary, { formatTable });
    expect(text).toContain('(95.39 ± 0.94)');
    expect(text).toContain('* Statistically significant difference from the baseline.');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
