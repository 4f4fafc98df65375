import { plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Renders a plot as an SVG file with a white background and a description, coordinates rounded to 0.01. */
export function plotSvg(options, label) {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = plot({ style: { background: 'white' }, ...options, document });
  svg.querySelector('style')?.remove();
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('font-family', 'system-ui, sans-serif');
  const text = svg.outerHTML.replaceAll(/"[^"]*"/g, (value) =>
    value.replaceAll(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) =>
      String(Math.round(Number(number) * 100) / 100),
    ),
  );
  return `${text.replace('<svg', `<svg role="img" aria-label="${label}"`)}\n`;
}
