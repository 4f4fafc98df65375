import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { learningRateFigure } from './learningRateFigure.js';

const points = Array.from({ length: 40 }, (_, i) => ({
  learningRate: 1e-6 * 10 ** (i / 8),
  loss: 1 - i / 100 + (i % 2) / 10,
  smoothedLoss: 1 - i / 100,
}));

describe('learningRateFigure', () => {
  it('draws each step, the average and the suggestion on a logarithmic axis', () => {
    const svg = learningRateFigure({ points, suggestion: points[20].learningRate });
    expect(svg).toMatch(/^<svg\s+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toContain('var(');
    const { document } = parseHTML(svg);
    expect(document.querySelectorAll('circle')).toHaveLength(40);
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts).toContain(
      'The loss falls fastest at 0.00032 (dashed line). Dots: steps; line: moving average.',
    );
    expect(texts).toEqual(
      expect.arrayContaining(['1e−6', '1e−5', 'Learning rate', 'Training loss']),
    );
    const rule = document.querySelector(
      '[stroke-dasharray="5 3"] line, line[stroke-dasharray="5 3"]',
    )!;
    const [x20, x21] = [20, 21].map((i) =>
      Number(document.querySelectorAll('circle')[i].getAttribute('cx')),
    );
    const x = Number(rule.getAttribute('x1'));
    expect(Math.abs(x - x20)).toBeLessThan((x21 - x20) / 10);
  });

  it('says so if no rate stands out', () => {
    const svg = learningRateFigure({ points, suggestion: null });
    expect(svg).toContain('The loss does not clearly fall at any of them.');
    expect(svg).not.toContain('dashed');
  });
});
