import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html } from '../html/html.js';
import { Markup } from '../html/markup.js';

/**
 * A plot as static SVG that a page can carry without a script: what it shows in words for those who do not see it, no
 * style element, and coordinates rounded to a hundredth of a pixel. No text of a user may go into the plot.
 */
export function plotSvg(options: PlotOptions, label: string): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ ...options, document: document }) as unknown as Element;
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
