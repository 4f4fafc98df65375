import { parseCsv } from '@nonlocal-med/core';
import { evaluateSubgroups, parseSubgroupRules, type SubgroupsReport } from '@nonlocal-med/metrics';
import { describe, expect, it } from 'vitest';
import { renderSubgroups } from './renderSubgroups.js';
import { subgroupRemarks } from './subgroupMeasures.js';
import { subgroupsToText } from './subgroupsToText.js';

/** 120 images; the score says nothing of scanner B, of which there are 40, and site small has 6. */
const labels = Int32Array.from({ length: 120 }, (_, i) => i % 2);
const isB = (i: number): boolean => i % 3 === 0;
const scores = Array.from(labels, (label, i) =>
  isB(i) ? 0.5 + 0.3 * Math.sin(7 * i) : 0.3 + 0.4 * label + 0.28 * Math.sin(5 * i),
);
const report: SubgroupsReport = evaluateSubgroups(
  {
    classes: ['healthy', 'disease'],
    ids: scores.map((_, i) => `image-${i}`),
    labels,
    probabilities: Float64Array.from(scores.flatMap((p) => [1 - p, p])),
    attributes: {
      scanner: scores.map((_, i) => (isB(i) ? 'B' : 'A')),
      site: scores.map((_, i) => (i < 6 ? 'small' : i > 110 ? '' : 'large')),
    },
  },
  { by: parseSubgroupRules('scanner,site'), bootstrap: { resamples: 200 } },
);
const formatTable = (
  columns: readonly { readonly title: string }[],
  rows: readonly (readonly string[])[],
): string => [columns.map(({ title }) => title), ...rows].map((row) => row.join(' | ')).join('\n');

describe('subgroupsToText', () => {
  const text = subgroupsToText(report, { formatTable, patientsKnown: true });

  it('has a table per attribute, with differences below the values', () => {
    expect(text).toContain('Results by subgroup (95 % intervals)');
    expect(text).toContain('AUC, sensitivity and specificity are those of disease.');
    expect(text).toContain('scanner\ngroup | AUC | sensitivity | specificity\nA\nn = 80 | ');
    expect(text).toMatch(/\nB\nn = 40 \| 0\.\d{3} \(0\.\d\d to 0\.\d\d\)\n-0\.\d{3}, p [<=] 0\.0/);
    expect(text).toMatch(/\nsmall\nn = 6 \| .*\n[+-]0\.\d{3}, too few/);
    expect(text).toMatch(/\nnot known\nn = 9 \| /);
  });

  it('says what differs, what is too small, and what comparisons do not show', () => {
    const remarks = subgroupRemarks(report);
    expect(remarks[0]).toMatch(
      /^By scanner, the AUC of disease is lower in B \(0\.\d{3}\) than in A \(0\.\d{3}\): difference -0\.\d{3} \(-0\.\d{3} to -0\.\d{3}\), p [<=] 0\.\d{3}\.$/,
    );
    expect(remarks).toContain(
      'Too few images to compare, fewer than 10: small (3 images of healthy) and small (3 images of disease).',
    );
    expect(remarks.at(-1)).toContain('p values are corrected for 2 comparisons in each metric');
    for (const line of text.split('\n').filter((part) => !part.includes('|')))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('renderSubgroups', () => {
  it('writes every metric of every group as CSV, in full precision', () => {
    const [header, ...rows] = parseCsv(renderSubgroups(report, 'csv'), { path: 'groups.csv' }).map(
      ({ fields }) => fields,
    );
    const at = (row: readonly string[], name: string): string => row[header.indexOf(name)];
    const { metrics } = report.divisions[0].groups[1];
    const ofB = rows.filter((row) => at(row, 'by') === 'scanner' && at(row, 'group') === 'B');
    expect(ofB).toHaveLength(metrics.length);
    const auc = metrics.findIndex(({ metric, of }) => metric === 'auc' && of === 'disease');
    expect(ofB[auc].slice(0, 8)).toEqual([
      ...['scanner', 'B', 'A', '40', '', 'auc', 'disease'],
      String(metrics[auc].value),
    ]);
    expect(Number(at(ofB[auc], 'p'))).toBe(metrics[auc].difference!.pValue);
    expect(Number(at(ofB[auc], 'p_adjusted'))).toBe(metrics[auc].difference!.adjusted);
    expect(at(ofB[auc], 'test')).toBe('DeLong unpaired');
    expect(rows.every((row) => row.length === header.length)).toBe(true);
  });

  it('writes the same report as JSON, and a table as Markdown and LaTeX', () => {
    expect(JSON.parse(renderSubgroups(report, 'json'))).toEqual(report);
    expect(renderSubgroups(report, 'md')).toMatch(
      /^\| by \| group \| images \| AUC \| sensitivity \| specificity \|\n/,
    );
    expect(renderSubgroups(report, 'tex')).toContain('\\toprule');
  });
});
