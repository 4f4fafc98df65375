import { wrapText } from '@nonlocal-med/core';
import type { Subgroup, SubgroupsReport } from '@nonlocal-med/metrics';
import type { TextOptions } from '../experimentTables/summaryToText.js';
import { intervalText } from '../tables/evaluationRemarks.js';
import { formatDifference, formatEstimate, formatPStatement } from '../tables/numberText.js';
import type { Table } from '../tables/table.js';
import {
  describeMeasures,
  measured,
  type SubgroupMeasure,
  subgroupMeasures,
  subgroupRemarks,
} from './subgroupMeasures.js';

/** What three metrics leave of 80 columns. */
const GROUP_WIDTH = 14;

/** How results by subgroup are shown. */
export interface SubgroupTextOptions extends Pick<TextOptions, 'formatTable'> {
  /** Whether groups of images are patients, rather than copies of an image. */
  readonly patientsKnown: boolean;
}

/**
 * Results by subgroup for a terminal: one table per attribute with the most important metrics, and below each value its
 * difference to the largest group with the adjusted p value; then what a reader should know.
 */
export function subgroupsToText(
  report: SubgroupsReport,
  { formatTable, patientsKnown }: SubgroupTextOptions,
): string {
  const correction =
    report.comparisons > 1 ? `, after Holm's correction for ${report.comparisons} comparisons` : '';
  const showPatients = patientsKnown && report.overall.groups !== undefined;
  const sizes = showPatients ? 'n: images (patients)' : 'n: images';
  const explanation = `${describeMeasures(report)} ${sizes}. Below each value: the difference to the reference, the largest group, with its p value${correction}.`;
  const tables = report.divisions.map((division) => {
    const { columns, rows } = narrowTable(report, division, { showPatients });
    return `${division.by}\n${formatTable(columns, rows)}\n`;
  });
  const remarks = subgroupRemarks(report, { patientsKnown });
  return [
    `Results by subgroup ${intervalText(report, patientsKnown)}\n${wrapText(explanation)}\n`,
    ...tables,
    ...(remarks.length === 0 ? [] : [`${wrapText(remarks.join('\n'))}\n`]),
  ].join('\n');
}

/** The groups of one attribute in 80 columns: sizes below names, differences below values. */
function narrowTable(
  report: SubgroupsReport,
  { reference, groups }: SubgroupsReport['divisions'][number],
  { showPatients }: { readonly showPatients: boolean },
): Table {
  const measures = subgroupMeasures(report);
  return {
    columns: ['group', ...measures.map(({ title }) => title)].map((title) => ({ title })),
    rows: [...groups, report.overall].map((group) => {
      const size = `n = ${group.samples}${showPatients ? ` (${group.groups})` : ''}`;
      const isReference = group.name === reference;
      return [
        `${wrapText(group.name, GROUP_WIDTH)}\n${size}`,
        ...measures.map(
          (measure) => `${cellText(group, measure, '\n')}${isReference ? '\nreference' : ''}`,
        ),
      ];
    }),
  };
}

/** The groups of one attribute, with differences after the values. */
export function divisionTable(
  report: SubgroupsReport,
  { reference, groups }: SubgroupsReport['divisions'][number],
): Table {
  const showPatients = report.overall.groups !== undefined;
  const measures = subgroupMeasures(report);
  return {
    columns: [
      { title: 'group' },
      { title: 'images', align: 'right' },
      ...(showPatients ? [{ title: 'patients', align: 'right' as const }] : []),
      ...measures.map(({ title }) => ({ title })),
    ],
    rows: [...groups, report.overall].map((group) => [
      group.name === reference ? `${group.name} (reference)` : group.name,
      String(group.samples),
      ...(showPatients ? [String(group.groups)] : []),
      ...measures.map((measure) => cellText(group, measure, '; ')),
    ]),
  };
}

function cellText(
  group: Pick<Subgroup, 'metrics'>,
  measure: SubgroupMeasure,
  separator: string,
): string {
  const metric = measured(group, measure);
  const { difference } = metric;
  if (difference === undefined || metric.value === null) return formatEstimate(metric);
  return `${formatEstimate(metric)}${separator}${differenceText(difference)}`;
}

/** `-0.176, p = 0.038`; why there is no p value, in two words. */
export function differenceText({
  difference,
  pValue,
  adjusted,
  undefinedBecause,
}: NonNullable<SubgroupsReport['overall']['metrics'][number]['difference']>): string {
  const size = formatDifference({ difference, lower: null, upper: null });
  const p = adjusted ?? pValue;
  if (p !== null) return `${size}, ${formatPStatement(p)}`;
  return difference === null || undefinedBecause === undefined
    ? size
    : `${size}, ${undefinedBecause.includes('a test needs') ? 'too few' : 'no test'}`;
}
