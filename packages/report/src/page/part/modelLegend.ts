import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import { seriesSwatch } from './seriesSwatch.js';

/** Models and their lines. */
export function modelLegend(models: readonly PageModel[]): Markup {
  return html`<ul class="legend">
    ${models.map(({ title, style }) => html`<li class="${style.className}">${seriesSwatch(style)} ${title}</li>`)}
  </ul>`;
}
