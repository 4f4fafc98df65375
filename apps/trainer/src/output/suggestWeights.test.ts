import type { TrainingEvent } from '@nonlocal-med/core';
import { parseRunConfig } from '@nonlocal-med/pipeline';
import { expect, it } from 'vitest';
import { suggestWeights } from './suggestWeights.js';

const start = (samples: number): TrainingEvent => ({
  type: 'start',
  epochs: 1,
  batchesPerEpoch: 1,
  samples,
  resumedAtStep: 0,
});

it('suggests pretrained weights once for few images, and passes everything on', () => {
  const seen: string[] = [];
  const shown = {
    onEvent: ({ type }: TrainingEvent) => void seen.push(type),
    onNote: (note: string) => void seen.push(note),
  };
  const config = parseRunConfig({ data: { path: 'images' } });
  const display = suggestWeights(shown, config);
  display.onEvent?.(start(727));
  display.onEvent?.({ type: 'warning', message: 'slow' });
  expect(seen).toEqual([
    'start',
    expect.stringMatching(
      /^The model starts from random weights\. With 727 training images, pretrained/,
    ),
    'warning',
  ]);
  seen.length = 0;
  display.onEvent?.(start(5000));
  display.onNote?.('note');
  expect(seen).toEqual(['start', 'note']);

  const pretrained = { ...config, model: { ...config.model, weights: 'imagenet' } };
  const builtIn = parseRunConfig({ data: { kind: 'tiny-lesions' } });
  for (const other of [pretrained, builtIn]) {
    seen.length = 0;
    suggestWeights(shown, other).onEvent?.(start(727));
    expect(seen).toEqual(['start']);
  }
});
