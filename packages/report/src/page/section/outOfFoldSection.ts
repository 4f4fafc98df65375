import { outOfFoldTables } from '../../experimentTables/outOfFoldTable.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { html } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { PageSubject } from '../openSubject.js';
import type { PageSummaries } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/** Results over all images of a cross-validation, each predicted once; null if no model was cross-validated to the end. */
export function outOfFoldSection(
  { choices }: PageSubject,
  summaries: PageSummaries,
): PageSection | null {
  const hasFolds = choices.some((weights) =>
    summaries[weights]!.rows.some(({ outOfFold }) => outOfFold !== undefined),
  );
  if (!hasFolds) return null;
  return {
    id: 'out-of-fold',
    title: 'Out-of-fold results',
    body: weightsPanels(
      choices,
      (weights) =>
        html`${outOfFoldTables(summaries[weights]!).map(
          ({ title, tables, notes }) =>
            html`${tables.map((table) =>
              htmlTable(table, { caption: `${title}, ${weightsTitle[weights]}`, stacks: true }),
            )}
            ${notes.map((note) => html`<p class="note">${note}</p>`)}`,
        )}`,
    ),
  };
}
