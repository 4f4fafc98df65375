import type { Issue, Sample } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';
import type { Split } from './split.js';

/** Images of a test set with a finding below which its metrics say little. */
const FEW = 10;

/** How many samples have each finding (label 1), lack it (0), or have it not known (-1), [findings]. */
export const countFindings = (
  samples: readonly Pick<Sample, 'findings'>[],
  { label, findings }: { readonly label: 0 | 1 | -1; readonly findings: number },
): number[] =>
  Array.from(
    { length: findings },
    (_, f) => samples.filter((sample) => sample.findings?.[f] === label).length,
  );

/** Findings that nothing can be learned about, as every training image has them, none has, or it is not known. */
export function trainingFindingIssues(
  { train, validation, test }: Split,
  findings: readonly string[],
): Issue[] {
  const others = [...validation, ...test];
  const count = (samples: Split['train'], label: 0 | 1 | -1): number[] =>
    countFindings(samples, { label, findings: findings.length });
  const [present, absent, unknown] = [count(train, 1), count(train, 0), count(train, -1)];
  const [presentElsewhere, absentElsewhere] = [count(others, 1), count(others, 0)];
  return findings.flatMap((name, f): Issue[] => {
    if (present[f] > 0 && absent[f] > 0) return [];
    const [word, elsewhere] =
      present[f] === 0 ? ['with', presentElsewhere[f]] : ['without', absentElsewhere[f]];
    const where =
      elsewhere === 0 ? '' : `, but ${countOf(elsewhere, 'validation or test image')} ${word} it`;
    const known =
      unknown[f] === 0
        ? ''
        : ` (it is not known of ${countOf(unknown[f], 'training image')}${present[f] === 0 ? '' : '; --blank zeros counts empty cells as absent'})`;
    return [
      {
        path: 'split',
        message: `there is no training image ${word} the finding "${name}"${known}${where}`,
        hint: `every finding needs training images with and without it; --label-map '${name}=' leaves it out`,
      },
    ];
  });
}

/** What a validation or test set lacks, or has little of, so that its metrics are undefined or uncertain. */
export function findingNotes(split: Split, findings: readonly string[]): string[] {
  return (['validation', 'test'] as const).flatMap((set) => {
    const samples = split[set];
    if (samples.length === 0) return [];
    const present = countFindings(samples, { label: 1, findings: findings.length });
    const absent = countFindings(samples, { label: 0, findings: findings.length });
    const named = (counts: readonly number[]): string[] =>
      findings.filter((_, f) => counts[f] === 0).map((name) => `"${name}"`);
    const lacks = (names: readonly string[], word: string): string[] =>
      names.length === 0
        ? []
        : [
            `The ${set} set has no image ${word} ${names.join(', ')}: ${names.length === 1 ? 'its AUC is' : 'their AUCs are'} undefined on it.`,
          ];
    const few = findings.flatMap((name, f) =>
      set === 'test' && present[f] > 0 && present[f] < FEW ? [`"${name}" (${present[f]})`] : [],
    );
    return [
      ...lacks(named(present), 'with'),
      ...lacks(named(absent), 'without'),
      ...(few.length === 0
        ? []
        : [
            `The test set has few images with ${few.join(', ')}: what is measured of ${few.length === 1 ? 'it' : 'them'} is uncertain.`,
          ]),
    ];
  });
}
