import { escapeMarkdown } from '../render/escapeMarkdown.js';
import { markdownTable } from '../render/markdownTable.js';
import { differenceTable } from './differenceTable.js';
import type { ExperimentSummary } from './experimentSummary.js';
import { intervalTable } from './intervalTable.js';
import { resultTable } from './resultTable.js';
import { summaryFoot } from './summaryFoot.js';
import { summaryMetrics } from './summaryMetrics.js';
import { summaryTitle } from './summaryTitle.js';

const paperMetrics = summaryMetrics.slice(0, 4);
const otherMetrics = summaryMetrics.slice(4);

/** A summary as a Markdown document: results beside the published ones, differences, further metrics, notes. */
export function summaryToMarkdown(summary: ExperimentSummary): string {
  const results = resultTable(summary, { metrics: paperMetrics, published: 'beside' });
  const foot = summaryFoot(summary, results.footnotes);
  const trained = summary.rows
    .filter(({ reproduced }) => reproduced)
    .map((row) => ({ ...row, note: null }));
  const compared = summary.rows.some(
    ({ comparison }) => comparison !== null && comparison.repeats.length > 0,
  );
  return `${[
    `## ${escapeMarkdown(summaryTitle(summary))}`,
    markdownTable(results),
    ...(foot.length === 0
      ? []
      : [
          foot
            .map(
              ({ mark, text }) =>
                `- ${mark === undefined ? '' : `<sup>${escapeMarkdown(mark)}</sup> `}${escapeMarkdown(text)}`,
            )
            .join('\n'),
        ]),
    ...(compared
      ? [
          '### Differences, in points',
          ...paperMetrics.flatMap((metric) => [
            `**${metric.title}**`,
            markdownTable(differenceTable(summary, metric)),
          ]),
        ]
      : []),
    '### Intervals of the means',
    markdownTable(intervalTable(summary, paperMetrics)),
    '### Further metrics',
    markdownTable(
      resultTable({ ...summary, rows: trained }, { metrics: otherMetrics, published: 'beside' }),
    ),
    '### Notes',
    [...summary.rules, ...summary.notes].map((text) => `- ${escapeMarkdown(text)}`).join('\n'),
  ].join('\n\n')}\n`;
}
