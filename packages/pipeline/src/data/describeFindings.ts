import { describeLikelyGroups, type Split } from '@nonlocal-med/data';
import type { NotedDataset, RunData } from './runData.js';

/**
 * What could make the numbers of a training wrong, one sentence or two each: patients in several sets of the split.
 * @param split of the data set
 */
export function describeFindings(
  { likelyGroups, samples }: Pick<NotedDataset, 'likelyGroups' | 'samples'>,
  split: Split,
): string[] {
  if (likelyGroups === undefined) return [];
  const { message, option } = describeLikelyGroups(likelyGroups, { images: samples.length, split });
  return [`${message} ${option}`];
}

/** The data of a run with its findings among the notes. */
export const withFindings = (data: RunData): RunData => ({
  ...data,
  notes: [...data.notes, ...describeFindings(data.dataset, data.split)],
});
