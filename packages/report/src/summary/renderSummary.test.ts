import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { writeSyntheticExperiment } from '@nonlocal-med/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentSummary } from './experimentSummary.js';
import { renderSummary } from './renderSummary.js';
import { summarizeExperiment } from './summariseExperiment.js';
import { summaryToText } from './summaryToText.js';

const root = mkdtempSync(join(tmpdir(), 'render-'));
let summary: ExperimentSummary;

beforeAll(async () => {
  await writeSyntheticExperiment(root, {
    skills: { resnet18: 1, 'resnet18-se': 1, 'resnet18-nla': 2.5 },
    unfinished: { 'resnet18-se/4': 'missing' },
  });
  summary = summarizeExperiment(await readExperimentFolder(root), { resamples: 50 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Columns of equal width, as a terminal's table has them. */
const formatTable = (
  columns: readonly { title: string }[],
  rows: readonly (readonly string[])[],
): string => [columns.map(({ title }) => title), ...rows].map((row) => row.join('  ')).join('\n');

describe('renderSummary', () => {
  it('puts the published number beside ours, the best strong, what is more than noise marked', () => {
    const markdown = renderSummary(summary, 'md');
    const { mean, deviation } = summary.rows[2].metrics.auc;
    expect(markdown).toContain(
      `| resnet18-nla<sup>b</sup> | **${(100 * mean!).toFixed(2)} ± ${(100 * deviation!).toFixed(2)}**<sup>\\*</sup> | 95.39 ± 0.94 |`,
    );
    expect(markdown).toContain('| resnet18-se (4 of 5 runs) |');
    expect(markdown).toMatch(/\| hynet \(reported\)<sup>c<\/sup> \| - \| 94\.17 ± 1\.03 \|/);
    expect(markdown).toContain(
      "- <sup>a</sup> The paper's Table 1 gives this row's SEN as 77.50 ± 2.59",
    );
    expect(markdown).toContain('- resnet18-se, repeat 5: not started');
    expect(markdown).toContain("p &lt; 0.05 after Holm's correction for the 2 comparisons");
  });

  it('writes a LaTeX table whose braces and environments close', () => {
    const latex = renderSummary(summary, 'tex');
    expect(latex.match(/(?<!\\)\{/g)).toHaveLength(latex.match(/(?<!\\)\}/g)!.length);
    expect(latex.match(/\\begin/g)).toHaveLength(latex.match(/\\end/g)!.length);
    expect(latex).toContain('resnet18-nla\\textsuperscript{b} & {\\bfseries ');
    expect(latex).not.toMatch(/(?<!\\)%(?! \\usepackage|\n)/);
  });

  it('writes every number in full into CSV and JSON', () => {
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
    expect(JSON.parse(renderSummary(summary, 'json'))).toEqual(JSON.parse(JSON.stringify(summary)));
  });

  it('fits a terminal', () => {
    const text = summaryToText(summary, { formatTable });
    expect(text).toContain('(95.39 ± 0.94)');
    expect(text).toContain('* Differs from its baseline by more than noise.');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
