import { html, type HtmlValue } from '../html/html.js';
import type { Markup } from '../html/markup.js';

/** One section of the page; its id is what links lead to. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly body: HtmlValue;
}

/** A section with its heading. */
export function sectionMarkup({ id, title, body }: PageSection): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}
