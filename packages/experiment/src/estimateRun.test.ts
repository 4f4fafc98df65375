import { parseRunConfig } from '@nonlocal-med/pipeline';
import { expect, it } from 'vitest';
import { plannedEpochs } from './estimateRun.js';

it('plans as many epochs as there is time for, test and explanations included', () => {
  const config = parseRunConfig({
    data: { kind: 'tiny-lesions' },
    training: { batchSize: 10 },
    explanations: { images: 8, seconds: 30 },
  });
  const cost = { secondsPerBatch: 0.5, residentBytes: 0, engine: 'native', device: 'cpu' };
  const sizes = { train: 600, validation: 60, test: 90 };
  const epochs = (seconds: number): number => plannedEpochs(cost, { config, sizes, seconds });
  // An epoch: 60 batches, and 6 validation batches at a third: 31 s. Besides: 10 s, 30 s of explanations, and a test of
  // two checkpoints in 18 batches, 3 s. Nine tenths of the time are planned.
  expect(epochs((43 + 20 * 31) / 0.9 + 1)).toBe(20);
  expect(epochs((43 + 20 * 31) / 0.9 - 1)).toBe(19);
  expect(() => epochs(60)).toThrow(
    '--hours: got 0.016666666666666666, but one epoch with test and explanations takes about 0.023 hours',
  );
});
