import type { Issue } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';

/**
 * What a label says, without how it is spelled: numbers by their value ("0.0" and "0"), true and false in any letter case
 * ("TRUE"), and all else by its letters, however Unicode composes them ("é" as one code point or two).
 */
export function labelKey(label: string): string {
  const text = label.normalize('NFC').trim();
  if (/^[+-]?\d+(?:\.\d*)?$/.test(text)) return String(Number(text) + 0);
  return /^(?:true|false)$/i.test(text) ? text.toLowerCase() : text;
}

/** The labels of a data set, each in one spelling. */
export interface SpelledLabels {
  /** From each label as written to the spelling that stands for it. */
  readonly spellingOf: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/**
 * Joins labels that say the same, in the spelling that is shortest, then most frequent. Reports those that differ in
 * letter case only, and placeholders for a missing value: neither can be known to be a separate class.
 *
 * @param counts number of images by label
 * @param options.covered labels that the options of the data set name, and which are therefore meant
 * @param options.folders labels that are names of class folders, which are never placeholders
 */
export function spellLabels(
  counts: ReadonlyMap<string, number>,
  { covered, folders }: { covered: (label: string) => boolean; folders: ReadonlySet<string> },
): SpelledLabels {
  const spellings = [...groupLabels(counts.keys(), labelKey).values()].map((labels) =>
    [...labels].sort(
      (a, b) => a.length - b.length || counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
    ),
  );
  const kept = spellings.map(([label]) => label).filter((label) => !covered(label));
  const images = (label: string): string => `"${label}" (${countOf(counts.get(label)!, 'image')})`;
  const joined = spellings
    .filter((labels) => labels.length > 1)
    .map(([label, ...others]) => `${others.map(images).join(', ')} joined with ${images(label)}`);
  const cases = [...groupLabels(kept, (label) => labelKey(label).toLowerCase()).values()];
  return {
    spellingOf: new Map(
      spellings.flatMap((labels) => labels.map((label) => [label, labels[0]] as const)),
    ),
    issues: [
      ...cases
        .filter((labels) => labels.length > 1)
        .map((labels): Issue => ({
          path: 'labels',
          message: `differ in letter case only: ${labels.map(images).join(', ')}`,
          hint: `spell them alike, or map all labels: --label-map '${labels.map((label) => `${label}=${labels[0]}`).join(',')},...'`,
        })),
      ...kept
        .filter((label) => isPlaceholder(label) && !folders.has(label))
        .map((label): Issue => ({
          path: 'labels',
          message: `${images(label)} stands for a missing value`,
          hint: `add the labels or remove the lines; --label-map '${label}=,...' with all labels leaves the images out, '${label}=NAME,...' makes it a class`,
        })),
    ],
    notes:
      joined.length === 0 ? [] : [`Labels that differ in spelling only: ${joined.join('; ')}.`],
  };
}

/** What pandas, R, Excel and databases write for a missing value, except words that are plausible names of a class. */
export const isPlaceholder = (label: string): boolean =>
  /^(?:-?nan|<na>|n\/?a|#n\/a|null|nat|-?1\.#ind|\?)$/i.test(label.trim());

function groupLabels(
  labels: Iterable<string>,
  keyOf: (label: string) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const label of labels) {
    const group = groups.get(keyOf(label));
    if (group === undefined) groups.set(keyOf(label), [label]);
    else group.push(label);
  }
  return groups;
}
