import { count } from '@nonlocal-med/core';
import { describeLikelyGroups, leakNote, type Split } from '@nonlocal-med/data';
import type { NotedDataset, RunData } from './runData.js';
import { findShortcuts } from './shortcuts/findShortcuts.js';

type SearchedDataset = Pick<NotedDataset, 'likelyGroups' | 'givenSplit' | 'samples' | 'classes'>;

/**
 * What could make the numbers of a training wrong, a few sentences each: patients in several sets of the split, and
 * classes that can be recognized from the files without looking at the images.
 * @param split of the data set
 */
export const describeObservations = (dataset: SearchedDataset, split: Split): string[] =>
  search(dataset, split).notes;

/** The data of a run with its observations among the notes, and those that make its results unreliable as cautions. */
export function withObservations(data: RunData): RunData {
  const { notes, cautions } = search(data.dataset, data.split);
  return { ...data, notes: [...data.notes, ...notes], cautions };
}

/** Observations that the notes of the data set do not have yet, and what all observations mean for results on the test set. */
function search(
  { likelyGroups, givenSplit, samples, classes }: SearchedDataset,
  split: Split,
): { readonly notes: string[]; readonly cautions: string[] } {
  const notes: string[] = [];
  const cautions: string[] = [];
  if (givenSplit !== undefined && givenSplit.leaks.length > 0)
    cautions.push(leakNote(givenSplit.leaks));
  if (likelyGroups !== undefined) {
    const likely = describeLikelyGroups(likelyGroups, { images: samples.length, split });
    const { testImages, option } = likely;
    notes.push(`${likely.message} ${option}`);
    if (testImages !== null && testImages > 0) {
      const remedy =
        givenSplit === undefined ? 'keeps each patient in one set' : 'checks the split';
      cautions.push(
        `Judging by file names, ${testImages} of ${count(split.test.length, 'test image')} likely ${testImages === 1 ? 'shows' : 'show'} a patient who is also in the training or validation set, so results are likely too good; ${option} ${remedy}.`,
      );
    }
  }
  const shortcuts = findShortcuts({ samples, classes });
  if (shortcuts?.classes.some(({ warning }) => warning) === true) {
    notes.push(shortcuts.message);
    cautions.push(shortcuts.message);
  }
  return { notes, cautions };
}
