import { plot, type PlotOptions, type ScaleOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, Markup } from '../html/html.js';

/**
 * Renders a plot as static SVG that needs no script: with a description for screen readers, without a style element,
 * with coordinates rounded to a hundredth of a pixel. Do not put text from users into the plot: it is not escaped.
 * @param label the description
 */
export function plotSvg(options: PlotOptions, label: string): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ ...plotSize, ...options, document }) as unknown as Element;
  svg.querySelector('style')?.remove();
  const text = svg.outerHTML
    .replaceAll(/ (aria-[a-z]+|class="plot-[^"]*"|font-family)(="[^"]*")?/g, '')
    .replaceAll(/"[^"]*"/g, (value) =>
      value.replaceAll(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 100) / 100),
      ),
    );
  const opening = html`<svg role="img" aria-label="${label}"`;
  return new Markup(text.replace('<svg', () => opening.text));
}

/** Size of a plot in pixels; the page scales it to the width of its figure. */
const plotSize = {
  width: 280,
  height: 278,
  marginLeft: 44,
  marginBottom: 42,
  marginTop: 14,
  marginRight: 12,
} as const;

/** A labeled axis of a plot. */
export function axis(
  label: string,
  domain: readonly [number, number],
  options: ScaleOptions = {},
): ScaleOptions {
  return {
    domain: [...domain],
    label,
    labelAnchor: 'center',
    labelArrow: 'none',
    ticks: 5,
    ...options,
  };
}
