import { formatPercent } from '../../tables/numberText.js';
import { html, type Markup } from '../html/html.js';
import type { SeriesStyle } from './seriesStyle.js';

/** A fraction with its interval. */
export interface Dot {
  /** Names the series for readers who cannot see its color; absent if there is only one. */
  readonly title?: string;
  readonly style: SeriesStyle;
  readonly value: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

/**
 * Renders a fraction as a dot with whiskers on a track from 0 to 1 that is as wide as its cell, with its numbers above it.
 * @param options.reference a value that is marked, such as guessing; null for none
 */
export function dotTrack(
  { title, style, value, interval }: Dot,
  { reference }: { readonly reference: number | null },
): Markup {
  const numbers =
    value === null
      ? 'not defined'
      : html`${formatPercent(value, 1)}${interval !== null && html` <small>${formatPercent(interval.lower, 0)} to ${formatPercent(interval.upper, 0)}</small>`}`;
  return html`<div class="${style.cssClass}">
    <span class="track-numbers"
      >${title !== undefined && html`<span class="hidden">${title}: </span>`}${numbers}</span
    ><span class="track" style="--series: ${style.color}" aria-hidden="true"
      >${reference !== null && html`<i class="reference" style="--at: ${at(reference)}"></i>`}${interval !== null && html`<i class="range" style="--from: ${at(interval.lower)}; --to: ${at(1 - interval.upper)}"></i>`}${value !== null && html`<i class="dot" style="--at: ${at(value)}"></i>`}</span
    >
  </div> `;
}

/** The axis below tracks. */
export const trackAxis = (): Markup =>
  html`<span class="track-axis"><i>0</i><i>50</i><i>100</i></span>`;

const at = (fraction: number): string => `${(100 * fraction).toFixed(1)}%`;
