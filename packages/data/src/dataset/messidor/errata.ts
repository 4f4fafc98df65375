import { basename } from 'node:path';
import { shortList } from '../../noteText.js';
import type { AnnotationRow } from './annotations.js';
import { type KeyedImage, pairedImages } from './imageKeys.js';

const base33 = (left: string, right: string): readonly [string, string] =>
  [left, right].map((name) => `${name.includes('_') ? name : `20051202_${name}`}_0400_pp`) as [
    string,
    string,
  ];

/** What the publishers of MESSIDOR corrected (adcis.net, dated below), by image key (spec 8.1). */
export const messidorErrata = {
  /** Corrected retinopathy grades: 31 August 2016 (the first) and 24 October 2016. */
  retinopathy: new Map([
    ['20051020_63045_0100_pp', 0],
    ['20051020_64007_0100_pp', 3],
    ['20051020_63936_0100_pp', 1],
    ['20060523_48477_0100_pp', 3],
  ]),
  /** Pairs in Base33 that show the same image, 16 August 2017; the first of a pair is kept. */
  duplicates: [
    base33('55582', '54744'),
    base33('41076', '40508'),
    base33('48287', '41238'),
    base33('48586', '41260'),
    base33('55457', '54530'),
    base33('55626', '20051205_33025'),
    base33('54783', '55607'),
    base33('48575', '41034'),
    base33('20051205_32966', '20051205_35099'),
    base33('55484', '54555'),
    base33('20051205_32981', '20051205_35110'),
    base33('55562', '54611'),
    base33('54547', '55498'),
  ],
} as const;

/** Applies the corrected grades. Applying them twice, or to a corrected file, changes nothing. */
export function applyErrata(rows: ReadonlyMap<string, AnnotationRow>): {
  rows: ReadonlyMap<string, AnnotationRow>;
  notes: string[];
} {
  const changed: string[] = [];
  const unchanged: string[] = [];
  const result = new Map(rows);
  for (const [key, retinopathy] of messidorErrata.retinopathy) {
    const row = rows.get(key);
    if (row === undefined) continue;
    const number = key.split('_')[1];
    if (row.retinopathy === retinopathy) unchanged.push(`${number}: ${retinopathy}`);
    else changed.push(`${number}: ${row.retinopathy} to ${retinopathy}`);
    result.set(key, { ...row, retinopathy });
  }
  const parts = [
    ...(changed.length > 0 ? [`changed ${changed.join(', ')}`] : []),
    ...(unchanged.length > 0 ? [`already corrected in the files: ${unchanged.join(', ')}`] : []),
  ];
  return {
    rows: result,
    notes:
      parts.length === 0
        ? []
        : [`Grades as corrected by MESSIDOR's publishers: ${parts.join('; ')}.`],
  };
}

/** Leaves out the second image of each published duplicate pair that is completely present. */
export function dropDuplicates(images: readonly KeyedImage[]): {
  images: KeyedImage[];
  notes: string[];
} {
  const present = new Set(images.map(({ key }) => key));
  const dropped = new Set(
    messidorErrata.duplicates
      .filter(([kept, copy]) => present.has(kept) && present.has(copy))
      .map(([, copy]) => copy),
  );
  return {
    images: images.filter(({ key }) => !dropped.has(key)),
    notes:
      dropped.size === 0
        ? []
        : [
            `Left out ${dropped.size} of the duplicates in Base33 that MESSIDOR's publishers list (dedupe: false keeps both images in the same split).`,
          ],
  };
}

/** Keeps both images of each published duplicate pair, marked as known copies of each other. */
export function markDuplicates(images: readonly KeyedImage[]): {
  images: KeyedImage[];
  notes: string[];
} {
  const nameOf = new Map<string, string>(
    messidorErrata.duplicates.flatMap(([kept, copy]) => [
      [kept, kept],
      [copy, kept],
    ]),
  );
  const marked = images.map((image): KeyedImage =>
    nameOf.has(image.key) ? { ...image, knownCopy: nameOf.get(image.key) } : image,
  );
  const pairs = pairedImages(marked, messidorErrata.duplicates).filter((set) => set.length > 1);
  if (pairs.length === 0) return { images: marked, notes: [] };
  const differing = pairs
    .filter(([a, b]) => a.label !== b.label)
    .map(([a, b]) => `${basename(a.id)} (${a.label}) and ${basename(b.id)} (${b.label})`);
  const difference =
    differing.length === 0
      ? ''
      : `; ${differing.length} of them with different labels: ${shortList(differing)}`;
  return {
    images: marked,
    notes: [
      `Kept ${pairs.length} duplicate ${pairs.length === 1 ? 'pair' : 'pairs'} in Base33, each in the same split${difference}.`,
    ],
  };
}
