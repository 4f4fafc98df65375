import type { WeightsChoice } from '@nonlocal-med/runs';
import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';

/** The same part of the page for each choice of weights, of which the page shows one at a time. */
export function weightsPanels(
  choices: readonly WeightsChoice[],
  part: (weights: WeightsChoice) => Markup,
): Markup {
  return html`${choices.map(
    (weights) => html`<div class="panel" data-weights="${weights}">${part(weights)}</div> `,
  )}`;
}
