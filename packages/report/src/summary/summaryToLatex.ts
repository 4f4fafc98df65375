import { latexTable } from '../render/latexTable.js';
import { latexText } from '../render/latexText.js';
import type { ExperimentSummary } from './experimentSummary.js';
import { resultTable } from './resultTable.js';
import { type FootLine, summaryFoot } from './summaryFoot.js';
import { summaryMetrics } from './summaryMetrics.js';
import { summaryTitle } from './summaryTitle.js';

/** A summary as a LaTeX table of the paper's metrics; it needs the packages booktabs and graphicx. */
export function summaryToLatex(summary: ExperimentSummary): string {
  const results = resultTable(summary, {
    metrics: summaryMetrics.slice(0, 4),
    published: 'beside',
    narrow: true,
  });
  const lines: FootLine[] = [
    ...summaryFoot(summary, results.footnotes),
    ...[...summary.rules, ...summary.notes].map((text) => ({ text })),
  ];
  const foot = lines.map(
    ({ mark, text }) =>
      `${mark === undefined ? '' : `\\textsuperscript{${latexText(mark)}}\\,`}${latexText(text)}\\par`,
  );
  return [
    '% \\usepackage{booktabs,graphicx}',
    '\\begin{table}[htbp]',
    '\\centering',
    `\\caption{${latexText(summaryTitle(summary))}}`,
    `\\label{tab:${summary.name.replaceAll(/[^A-Za-z0-9-]/g, '-')}}`,
    '\\setlength{\\tabcolsep}{3pt}',
    '\\resizebox{\\linewidth}{!}{%',
    `${latexTable(results)}}`,
    '\\par\\smallskip',
    '\\begin{minipage}{\\linewidth}\\scriptsize\\raggedright',
    ...foot,
    '\\end{minipage}',
    '\\end{table}',
    '',
  ].join('\n');
}
