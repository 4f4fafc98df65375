import type { Subgroup, SubgroupMetric, SubgroupsReport } from '@nonlocal-med/metrics';
import { csvTable, renderTable, type TableFormat } from '../tables/renderTable.js';
import { divisionTable } from './subgroupsToText.js';

/** Columns of the CSV: one row per group and metric, in full precision. */
const COLUMNS = [
  ...['by', 'group', 'reference', 'images', 'patients', 'metric', 'of', 'value', 'lower', 'upper'],
  ...['interval', 'difference', 'difference_lower', 'difference_upper', 'test', 'p'],
  ...['p_adjusted', 'note'],
];

/**
 * Results by subgroup as a file: every metric of every group in CSV and JSON, those of the terminal's table in Markdown and
 * LaTeX.
 */
export function renderSubgroups(report: SubgroupsReport, format: TableFormat): string {
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  if (format === 'csv') return csvTable(COLUMNS, csvRows(report));
  const tables = report.divisions.map((division) => {
    const { columns, rows } = divisionTable(report, division);
    return { columns, rows: rows.map(([group, ...cells]) => [group, ...cells]), by: division.by };
  });
  return renderTable(
    {
      columns: [{ title: 'by' }, ...tables[0].columns],
      rows: tables.flatMap(({ rows, by }) => rows.map((row) => [by, ...row])),
    },
    format,
  );
}

function csvRows(report: SubgroupsReport): (string | number | null)[][] {
  const all = { by: '', reference: null, groups: [report.overall] };
  return [all, ...report.divisions].flatMap(({ by, reference, groups }) =>
    groups.flatMap((group) =>
      group.metrics.map((metric) => [by, ...groupCells(group, reference), ...metricCells(metric)]),
    ),
  );
}

const groupCells = (
  { name, samples, groups }: Pick<Subgroup, 'name' | 'samples' | 'groups'>,
  reference: string | null,
): (string | number | null)[] => [name, reference, samples, groups ?? null];

function metricCells({
  metric,
  of,
  value,
  interval,
  difference,
  undefinedBecause,
  noIntervalBecause,
}: SubgroupMetric): (string | number | null)[] {
  return [
    metric,
    of,
    value,
    interval?.lower ?? null,
    interval?.upper ?? null,
    interval?.method ?? null,
    difference?.difference ?? null,
    difference?.lower ?? null,
    difference?.upper ?? null,
    difference?.test ?? null,
    difference?.pValue ?? null,
    difference?.adjusted ?? null,
    undefinedBecause ?? noIntervalBecause ?? difference?.undefinedBecause ?? null,
  ];
}
