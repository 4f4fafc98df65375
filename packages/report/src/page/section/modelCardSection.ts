import { modelCard } from '@nonlocal-med/runs';
import { html } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { PageModel } from '../pageModel.js';
import type { PageSection } from '../pageSection.js';

/**
 * The model card of a page about a single run, as in the folder of its exported model.
 * @returns null for several runs, and for predictions without a configuration or environment
 */
export function modelCardSection(models: readonly PageModel[]): PageSection | null {
  const [{ runs }] = models;
  const [{ config, environment, metrics }] = runs;
  if (models.length > 1 || runs.length > 1 || config === null || environment === null) return null;
  const { title, sections } = modelCard({ config, environment, metrics });
  return {
    id: 'card',
    title: 'Model card',
    body: html`<p class="note">${title}. Also in the folder of the exported model, as README.md.</p>
      ${sections.map(
        (section) =>
          html`<h3>${section.title}</h3>
            ${section.paragraphs.map((text) => html`<p>${text}</p>`)}
            ${
              section.table !== undefined &&
              htmlTable(
                {
                  columns: section.table.columns.map((column, index) => ({
                    title: column,
                    align: index === 0 ? undefined : ('right' as const),
                  })),
                  rows: section.table.rows.map((row) => [...row]),
                },
                { caption: `Model card: ${section.title}`, stacks: true },
              )
            } `,
      )}`,
  };
}
