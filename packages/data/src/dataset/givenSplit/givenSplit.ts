import type { SplitName } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing } from '../datasetListing.js';
import { applySplitFile } from './applySplitFile.js';
import { findLeaks, type Leak, leakIssues, leakNote } from './findLeaks.js';
import { joinNames, readSplitFile } from './readSplitFile.js';
import { splitNames } from './splitNames.js';

/** The split that is given with a data set. */
export interface GivenSplit {
  /** For a sentence: "the folders test, train and val". */
  readonly source: string;
  /** Patients and identical images in more than one part of it; only with `allowLeaks`. */
  readonly leaks: readonly Leak[];
}

/**
 * The listing with the split of the option `splitFile`, if that is set.
 * @throws InputError if a split file cannot be read
 */
export async function giveSplit<L extends DatasetListing>(
  listing: L,
  { splitFile }: Pick<ResolvedDataOptions, 'splitFile'>,
): Promise<L> {
  if (splitFile === undefined) return listing;
  if (listing.splitSource !== undefined) {
    const issue = {
      path: 'data.splitFile',
      message: `the split is also given by ${listing.splitSource}`,
      hint: 'leave out one of them: --given-split ignore ignores the one of the data set',
    };
    return { ...listing, issues: [...listing.issues, issue] };
  }
  const given = applySplitFile(listing.images, await readSplitFile(splitFile));
  return {
    ...listing,
    ...given,
    issues: [...listing.issues, ...given.issues],
    notes: [...listing.notes, ...given.notes],
  };
}

/** Checks a given split for leaks, and describes it. Without one, nothing is returned but empty lists. */
export function checkGivenSplit(
  images: readonly Parameters<typeof findLeaks>[0][number][],
  { splitSource, allowLeaks = false, nearDuplicates }: GivenSplitCheck,
): {
  readonly givenSplit?: GivenSplit;
  readonly issues: ReturnType<typeof leakIssues>;
  readonly notes: readonly string[];
} {
  if (splitSource === undefined) return { issues: [], notes: [] };
  const leaks = findLeaks(images);
  const issues = allowLeaks ? [] : leakIssues(leaks, splitSource);
  if (nearDuplicates === 'join')
    issues.push({
      path: 'data.nearDuplicates',
      message: `got "join", but the split is given by ${splitSource}, so no image can change its part`,
      hint: 'keep, which reports near duplicates across the split; or --given-split ignore',
    });
  const counts = splitNames.map(
    (part) => [part, images.filter(({ split }) => split === part).length] as const,
  );
  const sizes = counts.map(([part, count]) => `${count.toLocaleString('en')} ${part}`);
  return {
    givenSplit: { source: splitSource, leaks },
    issues,
    notes: [
      `The split is given by ${splitSource}: ${joinNames(sizes)} images (--given-split ignore splits all images anew).`,
      ...(leaks.length > 0 ? [leakNote(leaks)] : []),
    ],
  };
}

interface GivenSplitCheck {
  readonly splitSource: string | undefined;
  readonly allowLeaks?: boolean;
  readonly nearDuplicates: ResolvedDataOptions['nearDuplicates'];
}

/** Whether samples come with a split of their own. */
export const hasGivenSplit = (samples: readonly { readonly split?: SplitName }[]): boolean =>
  samples.some(({ split }) => split !== undefined);
