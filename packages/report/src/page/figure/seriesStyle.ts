import { html, type Markup } from '../html/html.js';

/** The line style of a model in all figures: a color and a dash pattern, so that color is never the only cue. */
export interface SeriesStyle {
  /** CSS class, unique on the page: `series-0`. */
  readonly cssClass: string;
  /** A CSS variable of the style sheet, which has another value in dark mode. */
  readonly color: string;
  /** SVG dash pattern; `none` for a solid line. */
  readonly dash: string;
}

/** Number of colors in the style sheet: those of Okabe and Ito (2008) without yellow, which is hard to see on white. */
const COLORS = 7;
const DASHES = ['none', '7 3', '2 2.5', '8 3 2 3', '12 4', '12 3 2 3 2 3'];

/** The style of the model with this index; 42 styles are distinct. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    cssClass: `series-${index}`,
    color: `var(--series-${index % COLORS})`,
    dash: DASHES[index % DASHES.length],
  };
}

/** A short line in a model's style, for legends. */
export function lineSample({ color, dash }: SeriesStyle): Markup {
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

/** A legend of models and their line styles. */
export function modelLegend(
  models: readonly { readonly title: string; readonly style: SeriesStyle }[],
): Markup {
  return html`<ul class="legend">
    ${models.map(({ title, style }) => html`<li class="${style.cssClass}">${lineSample(style)} ${title}</li>`)}
  </ul>`;
}
