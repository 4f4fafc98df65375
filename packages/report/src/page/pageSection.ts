import type { WeightsChoice } from '@nonlocal-med/runs';
import { html, type HtmlValue, type Markup } from './html/html.js';

/** One section of the page. */
export interface PageSection {
  /** The fragment that links point to. */
  readonly id: string;
  readonly title: string;
  readonly body: HtmlValue;
}

/** Renders a section with its heading. */
export function sectionMarkup({ id, title, body }: PageSection): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}

/** Renders the same part of the page once per choice of weights; the page shows one of them at a time. */
export function weightsPanels(
  choices: readonly WeightsChoice[],
  part: (weights: WeightsChoice) => Markup,
): Markup {
  return html`${choices.map(
    (weights) => html`<div class="panel" data-weights="${weights}">${part(weights)}</div> `,
  )}`;
}
