import type { ExperimentSummary } from '../statistics/experimentSummary.js';
import { furtherMetrics, mainMetrics, metricsOfFindings } from '../statistics/summaryMetrics.js';
import { latexTable, latexText } from '../tables/latexTable.js';
import { escapeMarkdown, markdownTable } from '../tables/markdownTable.js';
import type { TableFormat } from '../tables/renderTable.js';
import { styleTable } from '../tables/table.js';
import { differenceTable } from './differenceTable.js';
import { intervalTable } from './intervalTable.js';
import { operatingTable, operatingText } from './operatingTable.js';
import { outOfFoldTables } from './outOfFoldTable.js';
import { findingTables, resultTable } from './resultTable.js';
import { summaryToCsv, summaryToJson } from './summaryRecords.js';
import { hasComparisons, type NoteLine, resultNotes, summaryTitle } from './titleAndNotes.js';

/**
 * Renders a summary as the text of a file: a Markdown document, a LaTeX table that needs the packages booktabs and
 * graphicx, or all numbers in full precision as CSV or JSON.
 */
export function renderSummary(summary: ExperimentSummary, format: TableFormat): string {
  return renderers[format](summary);
}

const renderers: Readonly<Record<TableFormat, (summary: ExperimentSummary) => string>> = {
  md: summaryToMarkdown,
  csv: summaryToCsv,
  tex: summaryToLatex,
  json: summaryToJson,
};

function summaryToMarkdown(summary: ExperimentSummary): string {
  const main = mainMetrics(summary);
  const findings = metricsOfFindings(summary);
  const results = resultTable(summary, { metrics: main, published: 'beside' });
  const trained = summary.rows
    .filter(({ reproduced }) => reproduced)
    .map((row) => ({ ...row, note: null }));
  const further = resultTable(
    { ...summary, rows: trained },
    { metrics: furtherMetrics(summary), published: 'beside' },
  );
  const points = operatingTable(summary);
  const parts = [
    `## ${escapeMarkdown(summaryTitle(summary))}`,
    markdownList(summary.cautions.map((text) => ({ text: `Caution: ${text}` }))),
    markdownTable(results),
    markdownList(resultNotes(summary, results.footnotes)),
    ...findingTables(summary).flatMap((table, i) => [
      ...(i === 0 ? ['### AUC of each finding'] : []),
      markdownTable(table),
    ]),
    ...(hasComparisons(summary)
      ? [
          '### Differences in percentage points',
          ...[...main, ...findings].flatMap((metric) => [
            `**${metric.title}**`,
            markdownTable(differenceTable(summary, metric)),
          ]),
        ]
      : []),
    '### Intervals of the means',
    markdownTable(intervalTable(summary, main)),
    ...(findings.length === 0 ? [] : [markdownTable(intervalTable(summary, findings))]),
    ...outOfFoldTables(summary).flatMap(({ title, tables, notes }) => [
      `### ${escapeMarkdown(title)}`,
      ...tables.map((table) => markdownTable(styleTable(table))),
      markdownList(notes.map((text) => ({ text }))),
    ]),
    ...(points === null ? [] : ['### Operating points', markdownTable(points), operatingText()]),
    '### Further metrics',
    markdownTable(further),
    '### Notes',
    markdownList([...summary.rules, ...summary.notes].map((text) => ({ text }))),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function markdownList(lines: readonly NoteLine[]): string {
  const item = ({ mark, text }: NoteLine): string =>
    `- ${mark === undefined ? '' : `<sup>${escapeMarkdown(mark)}</sup> `}${escapeMarkdown(text)}`;
  return lines.map(item).join('\n');
}

function summaryToLatex(summary: ExperimentSummary): string {
  const results = resultTable(summary, {
    metrics: mainMetrics(summary),
    published: 'beside',
    narrow: true,
  });
  const perFinding = findingTables(summary).map(
    (table) => `\\par\\smallskip\n\\resizebox{\\linewidth}{!}{%\n${latexTable(table)}}`,
  );
  const points = operatingTable(summary);
  const notes: NoteLine[] = [
    ...(points === null ? [] : [{ text: operatingText() }]),
    ...summary.cautions.map((text) => ({ text: `Caution: ${text}` })),
    ...resultNotes(summary, results.footnotes),
    ...[...summary.rules, ...summary.notes].map((text) => ({ text })),
  ];
  return [
    '% \\usepackage{booktabs,graphicx}',
    '\\begin{table}[htbp]',
    '\\centering',
    `\\caption{${latexText(summaryTitle(summary))}}`,
    `\\label{tab:${summary.name.replaceAll(/[^A-Za-z0-9-]/g, '-')}}`,
    '\\setlength{\\tabcolsep}{3pt}',
    '\\resizebox{\\linewidth}{!}{%',
    `${latexTable(results)}}`,
    ...perFinding,
    ...(points === null
      ? []
      : [`\\par\\smallskip\n\\resizebox{\\linewidth}{!}{%\n${latexTable(points)}}`]),
    '\\par\\smallskip',
    '\\begin{minipage}{\\linewidth}\\scriptsize\\raggedright',
    ...notes.map(latexNote),
    '\\end{minipage}',
    '\\end{table}',
    '',
  ].join('\n');
}

function latexNote({ mark, text }: NoteLine): string {
  const raised = mark === undefined ? '' : `\\textsuperscript{${latexText(mark)}}\\,`;
  return `${raised}${latexText(text)}\\par`;
}
