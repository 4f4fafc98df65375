import { html, type Markup } from '../html/html.js';
import type { SeriesStyle } from './seriesStyle.js';

/** One group of a forest plot. */
export interface ForestRow {
  readonly name: string;
  /** Its images, which the area of its dot is proportional to. */
  readonly images: number;
  readonly value: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

/** A forest plot of one metric from 0 to 1. */
export interface ForestPlotOptions {
  readonly rows: readonly ForestRow[];
  /** The value on all images, as a dashed line; null if it is not defined. */
  readonly overall: number | null;
  readonly style: SeriesStyle;
  /** Description for screen readers. */
  readonly label: string;
}

const WIDTH = 280;
const MARGIN = 14;
const ROW_HEIGHT = 34;
const AXIS_HEIGHT = 30;
const LARGEST_DOT = 6;
const SMALLEST_DOT = 2.5;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Renders values with their intervals below each other, each below the name of its group. */
export function forestPlot({ rows, overall, style, label }: ForestPlotOptions): Markup {
  const bottom = rows.length * ROW_HEIGHT + 6;
  const at = (value: number): string => (MARGIN + value * (WIDTH - 2 * MARGIN)).toFixed(1);
  const most = Math.max(...rows.map(({ images }) => images));
  return html`<svg
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}"
    width="${WIDTH}"
    height="${bottom + AXIS_HEIGHT}"
    fill="currentColor"
    font-size="11"
  >
    ${TICKS.map((tick) => html`<line x1="${at(tick)}" x2="${at(tick)}" y1="0" y2="${bottom}" stroke="currentColor" stroke-opacity="0.12" /><text x="${at(tick)}" y="${bottom + 14}" text-anchor="middle">${tick}</text>`)}
    ${overall !== null && html`<line x1="${at(overall)}" x2="${at(overall)}" y1="0" y2="${bottom}" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="4 3" />`}
    ${rows.map((row, index) => rowMarkup(row, { at, most, style, top: index * ROW_HEIGHT }))}
  </svg>`;
}

function rowMarkup(
  { name, images, value, interval }: ForestRow,
  {
    at,
    most,
    style,
    top,
  }: {
    readonly at: (value: number) => string;
    readonly most: number;
    readonly style: SeriesStyle;
    readonly top: number;
  },
): Markup {
  const y = top + 24;
  const radius = Math.max(SMALLEST_DOT, LARGEST_DOT * Math.sqrt(images / most)).toFixed(1);
  return html`<text x="${MARGIN}" y="${top + 13}">
      ${name}, ${images}${value === null && ': not defined'}
    </text>
    ${interval !== null && html`<line x1="${at(interval.lower)}" x2="${at(interval.upper)}" y1="${y}" y2="${y}" stroke="${style.color}" stroke-width="2" />`}
    ${value !== null && html`<circle cx="${at(value)}" cy="${y}" r="${radius}" fill="${style.color}" />`}`;
}
