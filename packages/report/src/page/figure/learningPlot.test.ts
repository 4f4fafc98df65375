import type { LoggedEpoch } from '@nonlocal-med/runs';
import { expect, it } from 'vitest';
import { learningPlot } from './learningPlot.js';
import { seriesStyle } from './seriesStyle.js';

it('draws a run of a single epoch as a dot and longer runs as lines', () => {
  const epoch = (number: number): LoggedEpoch => ({
    type: 'epoch',
    time: 0,
    epoch: number,
    trainLoss: 1.5 / number,
    best: false,
    seconds: 1,
    residentBytes: 1,
    tensors: 1,
  });
  const circles = (count: number): number =>
    learningPlot(
      [{ epochs: Array.from({ length: count }, (_, i) => epoch(i + 1)), selectedEpoch: null }],
      { quantity: 'loss', style: seriesStyle(0), epochs: count, range: [0, 1.6], label: 'Loss' },
    ).text.split('<circle').length - 1;
  expect([circles(1), circles(2)]).toEqual([1, 0]);
});
