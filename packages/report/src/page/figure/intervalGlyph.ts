import { html, type Markup } from '../html/html.js';
import type { SeriesStyle } from './seriesStyle.js';

/** A value with its interval, and the range of the axis that all glyphs of a column share. */
export interface IntervalGlyphOptions {
  readonly value: number;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly domain: readonly [lowest: number, highest: number];
  readonly style: SeriesStyle;
}

const WIDTH = 130;
const MARGIN = 6;

/** Renders a dot with whiskers for a table cell; the numbers are in another cell. */
export function intervalGlyph({
  value,
  interval,
  domain: [lowest, highest],
  style,
}: IntervalGlyphOptions): Markup {
  const at = (position: number): string =>
    (MARGIN + ((position - lowest) / (highest - lowest)) * (WIDTH - 2 * MARGIN)).toFixed(1);
  return html`<svg
    class="interval"
    width="${WIDTH}"
    height="16"
    viewBox="0 0 ${WIDTH} 16"
    aria-hidden="true"
  >
    <line
      x1="${MARGIN}"
      x2="${WIDTH - MARGIN}"
      y1="8"
      y2="8"
      stroke="currentColor"
      stroke-opacity="0.15"
    />
    ${interval !== null && html`<line x1="${at(interval.lower)}" x2="${at(interval.upper)}" y1="8" y2="8" stroke="${style.color}" stroke-width="2.5" />`}
    <circle cx="${at(value)}" cy="8" r="4" fill="${style.color}" />
  </svg>`;
}
