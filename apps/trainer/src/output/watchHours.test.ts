import type { TrainingEvent } from '@nonlocal-med/core';
import { expect, it } from 'vitest';
import { watchHours } from './watchHours.js';

const start: TrainingEvent = {
  type: 'start',
  epochs: 60,
  batchesPerEpoch: 4,
  samples: 32,
  resumedAtStep: 0,
};
const epoch = (number: number, seconds: number): TrainingEvent => ({
  type: 'epoch',
  epoch: number,
  trainLoss: 1,
  validation: undefined,
  best: false,
  seconds,
  residentBytes: 0,
  tensors: 0,
});

it.each([
  [
    66,
    [
      'The second epoch took 1 min 06 s: 60 epochs will take about 1 h 06 min, longer than the 1 h 00 min',
    ],
  ],
  [59, []],
])('says if the second epoch took too long for the hours: %f s', (seconds, expected) => {
  const notes: string[] = [];
  const seen: string[] = [];
  const display = watchHours(
    { onNote: (note) => notes.push(note), onEvent: ({ type }) => seen.push(type) },
    1,
  );
  for (const event of [start, epoch(1, 500), epoch(2, seconds), epoch(3, 500)])
    display.onEvent?.(event);
  expect(seen).toEqual(['start', 'epoch', 'epoch', 'epoch']);
  expect(notes).toEqual(expected.map((text) => expect.stringContaining(text) as string));
});
