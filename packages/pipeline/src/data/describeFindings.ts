import { describeLikelyGroups, type Split } from '@nonlocal-med/data';
import type { NotedDataset, RunData } from './runData.js';
import { findShortcuts } from './shortcuts/findShortcuts.js';

/**
 * What could make the numbers of a training wrong, a few sentences each: patients in several sets of the split, and
 * classes that can be recognized from the files without looking at the images.
 * @param split of the data set
 */
export function describeFindings(
  { likelyGroups, samples, classes }: Pick<NotedDataset, 'likelyGroups' | 'samples' | 'classes'>,
  split: Split,
): string[] {
  const findings: string[] = [];
  if (likelyGroups !== undefined) {
    const likely = describeLikelyGroups(likelyGroups, { images: samples.length, split });
    findings.push(`${likely.message} ${likely.option}`);
  }
  const shortcuts = findShortcuts({ samples, classes });
  if (shortcuts?.classes.some(({ warning }) => warning) === true) findings.push(shortcuts.message);
  return findings;
}

/** The data of a run with its findings among the notes. */
export const withFindings = (data: RunData): RunData => ({
  ...data,
  notes: [...data.notes, ...describeFindings(data.dataset, data.split)],
});
