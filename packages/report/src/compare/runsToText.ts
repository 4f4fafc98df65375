import { count } from '@nonlocal-med/core';
import wrapAnsi from 'wrap-ansi';
import { pointTable, pointTestText } from '../decision/compareDecisions.js';
import type { TextOptions } from '../experimentTables/summaryToText.js';
import { cautionText } from '../statistics/resultCautions.js';
import { mainMetrics, metricsOfFindings } from '../statistics/summaryMetrics.js';
import { comparisonTable } from '../tables/comparisonTable.js';
import { describeComparison } from '../tables/describeComparison.js';
import { evaluationTable } from '../tables/evaluationTable.js';
import { findingDifferences } from '../tables/findingTables.js';
import { readersTable } from '../tables/readersTable.js';
import { type Table, transposeTable } from '../tables/table.js';
import { weightsTitle } from '../tables/weightsTitle.js';
import type { RunDifference, RunsComparison } from './compareRunRecords.js';
import { MEMBERS_TEXT, membersTable } from './ensembleMembers.js';
import { runsTable } from './renderRuns.js';

/** Renders a comparison of runs for a terminal: two runs side by side, more below each other, and the differences in words. */
export function runsToText(
  comparison: RunsComparison,
  { formatTable, width = 80 }: TextOptions,
): string {
  const { weights, runs, differences, notes = [] } = comparison;
  const format = ({ columns, rows }: Table): string => formatTable(columns, rows);
  const { groups } = differences[0].comparison;
  const patients = groups === null ? '' : ` of ${count(groups, 'patient')}`;
  const tables =
    runs.length === 2
      ? sideBySide(comparison, { format, width })
      : mainMetrics(comparison).map((metric) => format(runsTable(comparison, metric)));
  const descriptions = differences.map(({ run, comparison: difference, pValues }) =>
    describeComparison([runs[0].name, run], difference, {
      adjusted: pValues.auc.adjusted,
      comparisons: differences.length,
    }).split('\n'),
  );
  const verdicts = descriptions.map(([verdict]) => wrapAnsi(verdict, width));
  const [limits] = descriptions.flatMap(([, text]) => (text === undefined ? [] : [text]));
  return [
    `${differences[0].comparison.samples} test images${patients}, ${weightsTitle[weights]} (95 % intervals)`,
    ...(comparison.cautions.length === 0
      ? []
      : [cautionText(comparison.cautions, width).trimEnd()]),
    ...tables,
    ...differences.flatMap((difference) =>
      tableOfFindings(difference, comparison, { format, width }),
    ),
    ...pointTables(comparison, { format, width }),
    ...memberTables(comparison, { format, width }),
    verdicts.join('\n'),
    ...runs.flatMap(({ name, system }) =>
      system === undefined || system.readers.length === 0
        ? []
        : [`${name}\n${format(readersTable(system.readers))}`],
    ),
    ...(limits === undefined ? [] : [wrapAnsi(limits, width)]),
    ...(notes.length === 0 ? [] : [notes.map((note) => wrapAnsi(note, width)).join('\n')]),
  ].join('\n\n');
}

/**
 * Two runs under their names, or under A and B if the names are too long for the width: the results of each with the
 * intervals of its `metrics.json`, then the differences.
 */
function sideBySide(
  { ordered, runs: [first, second], differences: [{ comparison }] }: RunsComparison,
  { format, width }: { readonly format: (table: Table) => string; readonly width: number },
): string[] {
  const tables = (names: readonly [string, string]): string[] => [
    format(
      transposeTable(
        evaluationTable(
          [first, second].map(({ report }, i) => ({ name: names[i], report, ordered })),
        ),
      ),
    ),
    format(differenceColumns(comparisonTable(names, comparison, { ordered }), names)),
  ];
  const named = tables([first.name, second.name]);
  if (named.every((table) => table.split('\n').every((line) => line.length <= width))) return named;
  return [`A: ${first.name}\nB: ${second.name}`, ...tables(['A', 'B'])];
}

/** The AUC of each finding of a run and the first one, under their names or A and B; nothing for classes. */
function tableOfFindings(
  { run, comparison: difference, pValues }: RunDifference,
  comparison: RunsComparison,
  { format, width }: { readonly format: (table: Table) => string; readonly width: number },
): string[] {
  if (!('perFinding' in difference)) return [];
  const adjusted = metricsOfFindings(comparison).map(({ name }) => pValues[name].adjusted);
  const table = (names: readonly [string, string]): string =>
    format(findingDifferences(names, difference, adjusted));
  const named = table([comparison.runs[0].name, run]);
  if (named.split('\n').every((line) => line.length <= width)) return [named];
  return [`A: ${comparison.runs[0].name}\nB: ${run}\n\n${table(['A', 'B'])}`];
}

/** The metric, the difference and the p value of a comparison, whose values are in the table before it. */
function differenceColumns(
  { columns, rows }: Table,
  [first, second]: readonly [string, string],
): Table {
  const pick = <T>([metric, , , difference, pValue]: readonly T[]): T[] => [
    metric,
    difference,
    pValue,
  ];
  const [metric, difference, pValue] = pick(columns);
  return {
    columns: [metric, { ...difference, title: `${second} - ${first}` }, pValue],
    rows: rows.map(pick),
  };
}

/** Each ensemble in the first metric against each of its runs. */
function memberTables(
  comparison: RunsComparison,
  { format, width }: { readonly format: (table: Table) => string; readonly width: number },
): string[] {
  const { ensembles = [] } = comparison;
  const [metric] = mainMetrics(comparison);
  if (ensembles.length === 0) return [];
  return [
    ...ensembles.map((ensemble) => format(membersTable(ensemble, metric))),
    wrapAnsi(MEMBERS_TEXT, width),
  ];
}

/** Each run compared with the first at their operating points, where both have some. */
function pointTables(
  { runs: [first], differences }: RunsComparison,
  { format, width }: { readonly format: (table: Table) => string; readonly width: number },
): string[] {
  const compared = differences.filter(({ operatingPoints }) => operatingPoints.length > 0);
  if (compared.length === 0) return [];
  return [
    ...compared.map(({ run, operatingPoints }) => {
      const named = format(pointTable([first.name, run], operatingPoints));
      const isWide = named.split('\n').some((line) => line.length > width);
      return isWide && runsAreTwo(differences)
        ? format(pointTable(['A', 'B'], operatingPoints))
        : named;
    }),
    wrapAnsi(pointTestText(compared.flatMap(({ operatingPoints }) => operatingPoints)), width),
  ];
}

/** Two runs are called A and B where their names are too long. */
const runsAreTwo = (differences: RunsComparison['differences']): boolean =>
  differences.length === 1;
