import { expect, it } from 'vitest';
import { imageNotes } from './imageNotes.js';

it('says that only the first page or frame was read', () => {
  expect(imageNotes({ pages: 3, format: 'tiff' })).toEqual([
    'has 3 pages, of which the first was read',
  ]);
  expect(imageNotes({ pages: 2, format: 'dicom' })).toEqual([
    'has 2 frames, of which the first was read',
  ]);
  expect(imageNotes({ pages: 1, format: 'png' })).toEqual([]);
});

it('says that a file defines no window only where the model uses the window of files', () => {
  const facts = { format: 'dicom', windowSource: 'percentile' };
  const expected = [expect.stringMatching(/^defines no window, so that the percentiles 0.5 and/)];
  expect(imageNotes(facts)).toEqual(expected);
  expect(imageNotes(facts, { window: 'file' })).toEqual(expected);
  for (const values of [{ window: 'percentile' } as const, { window: 2 }, [-160, 240] as const])
    expect(imageNotes(facts, values)).toEqual([]);
  expect(imageNotes({ ...facts, windowSource: 'window' })).toEqual([]);
});
