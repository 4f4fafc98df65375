import { line } from '@observablehq/plot';
import { expect, it } from 'vitest';
import { plotSvg } from './plotSvg.js';

it('renders SVG with a description, rounded coordinates and no style element', () => {
  const { text } = plotSvg(
    {
      marks: [
        line(
          [
            [0, 0.123456789],
            [1, 0.3],
          ],
          { stroke: 'var(--series-0)', className: 'series-0' },
        ),
      ],
    },
    'A "line" & more',
  );
  expect(text).toMatch(/^<svg role="img" aria-label="A &quot;line&quot; &amp; more"/);
  expect(text).toMatch(/class="series-0"/);
  expect(text).not.toMatch(/<style|\d\.\d{3}|aria-hidden/);
});
