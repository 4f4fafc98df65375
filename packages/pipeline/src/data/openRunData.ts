import { type LoaderSample, splitByGroup } from '@nonlocal-med/data';
import type { RunConfig } from '../config/runConfigSchema.js';
import { type OpenRunDataOptions, openRunDataset } from './openRunDataset.js';
import type { RunData } from './runData.js';
import { runSplitOptions } from './runSplitOptions.js';

/**
 * Opens and divides the images that a configuration names. Equal configurations and files give equal splits.
 * @throws InputError with all issues of the data set together, or of the split.
 */
export async function openRunData(
  config: Pick<RunConfig, 'data' | 'split' | 'seed'>,
  options: OpenRunDataOptions = {},
): Promise<RunData> {
  const dataset = await openRunDataset(config.data, options);
  const split = splitByGroup<LoaderSample>(dataset.samples, {
    ...runSplitOptions(config),
    classes: dataset.classes,
  });
  return { dataset, split, notes: dataset.notes };
}
