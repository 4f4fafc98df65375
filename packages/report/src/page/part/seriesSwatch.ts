import type { SeriesStyle } from '../figure/seriesStyle.js';
import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';

/** A short piece of a model's line, for legends. */
export function seriesSwatch({ color, dash }: SeriesStyle): Markup {
  return html`<svg class="swatch" width="34" height="10" aria-hidden="true">
    <line
      x1="1"
      y1="5"
      x2="33"
      y2="5"
      stroke="${color}"
      stroke-width="2.5"
      stroke-dasharray="${dash}"
    />
  </svg>`;
}
