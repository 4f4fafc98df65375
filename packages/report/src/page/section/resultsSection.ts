import type { WeightsChoice } from '@nonlocal-med/runs';
import type { ExperimentSummary } from '../../summary/experimentSummary.js';
import { summaryMetrics } from '../../summary/summaryMetrics.js';
import { html } from '../html/html.js';
import type { PageSubject } from '../pageSubject.js';
import { classTable } from '../part/classTable.js';
import { resultNotes } from '../part/resultNotes.js';
import { resultTable } from '../part/resultTable.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsPanels } from '../part/weightsPanels.js';
import { weightsTitle } from '../part/weightsTitle.js';

/** Metrics of the main table; the others follow folded away. */
const MAIN = 4;

/** The results beside the paper's, with footnotes. */
export function resultsSection(
  { models, choices }: PageSubject,
  summaries: Readonly<Partial<Record<WeightsChoice, ExperimentSummary>>>,
): PageSection {
  return {
    id: 'results',
    title: 'Results',
    body: weightsPanels(choices, (weights) => {
      const summary = summaries[weights]!;
      const notes = resultNotes(summary);
      const more = `More metrics, ${weightsTitle[weights]}`;
      const each = `Each class, ${weightsTitle[weights]}`;
      return html`${resultTable(summary, { models, notes, metrics: summaryMetrics.slice(0, MAIN), caption: `${summary.caption}, ${weightsTitle[weights]}`, comparison: true })}
        <p class="note">
          Percent${summary.repeats.count > 1 ? ', mean ± standard deviation over repeats' : ''};
          below it the ${summary.confidence * 100} %
          interval${notes.published && ' and, in italics, what the paper reports'}.
        </p>
        <ol class="notes" id="notes-${weights}">
          ${notes.rows.map(({ text }) => html`<li>${text}</li>`)}
        </ol>
        <ul class="note">
          ${notes.table.map((text) => html`<li>${text}</li>`)}
        </ul>
        <details>
          <summary>${more}</summary>
          ${resultTable(summary, { models, notes, metrics: summaryMetrics.slice(MAIN), caption: more, comparison: false })}
        </details>
        <details>
          <summary>${each}</summary>
          ${classTable(models, { weights, caption: each })}
        </details>`;
    }),
  };
}
