import { basename, dirname, join, resolve } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing } from '../datasetListing.js';
import { findImages } from '../findImages.js';
import { joinGroups } from '../joinGroups.js';
import { shortList } from '../shortList.js';
import { annotationBase } from './annotationBase.js';
import { applyErrata } from './applyErrata.js';
import { type Annotations, collectAnnotations } from './collectAnnotations.js';
import { findByKey } from './findByKey.js';
import { medicalLabels } from './medicalLabels.js';
import { messidorErrata } from './messidorErrata.js';
import { messidorNotes } from './messidorNotes.js';
import { type KeyedImage, pairedImages } from './pairedImages.js';
import { readPairs } from './readPairs.js';

const NO_PATIENTS =
  'MESSIDOR names no patients: the two eyes of one may fall on both sides of a split. The list of pairs of Messidor-2 joins 529 of them (option pairs).';

/**
 * Reads MESSIDOR: images in Base11 to Base34 or in one folder, as TIFF or converted, and annotation files anywhere below
 * the folder. Images without an annotation, and annotations without an image, are left out and counted.
 */
export async function readMessidor(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const found = await findImages(folder);
  const annotations = await collectAnnotations(
    folder,
    found.others.filter((path) => annotationBase(path) !== undefined),
  );
  const errata =
    (options.errata ?? true)
      ? applyErrata(annotations.rows)
      : {
          rows: annotations.rows,
          notes: ['Grades as the annotation files have them, without the corrections of 2016.'],
        };
  const { byKey, issues: repeated } = findByKey([...found.images, ...found.foreign]);
  const { labels, of } = medicalLabels[options.label ?? 'dr4'];
  const annotated = [...byKey].filter(([key]) => errata.rows.has(key));
  const listed = annotated.map(([key, path]): KeyedImage => ({
    key,
    id: path,
    file: resolve(folder, path),
    label: of(errata.rows.get(key)!),
    where: join(folder, path),
  }));
  const { images, notes } =
    (options.dedupe ?? true) ? dropDuplicates(listed) : markDuplicates(listed);
  const sets = [
    ...pairedImages(
      images,
      options.pairs === undefined ? [] : await readPairs(resolve(folder, options.pairs)),
    ),
    ...pairedImages(images, messidorErrata.duplicates),
  ].filter((set) => set.length > 1);
  return {
    name: basename(resolve(folder)),
    images: joinGroups(images, sets),
    labels: [],
    labelOrder: labels,
    groupNote: NO_PATIENTS,
    issues: [...annotations.issues, ...repeated, ...findBareBases(byKey, annotations, folder)],
    notes: [
      ...messidorNotes(
        annotated.map(([key]) => errata.rows.get(key)!),
        images.length,
      ),
      ...annotations.notes,
      ...errata.notes,
      ...notes,
      ...describeUnmatched(byKey, errata.rows),
      ...(found.maskFolders.length > 0
        ? [`Folders of masks are not read as images: ${shortList(found.maskFolders)}.`]
        : []),
    ],
  };
}

function dropDuplicates(images: readonly KeyedImage[]): { images: KeyedImage[]; notes: string[] } {
  const present = new Set(images.map(({ key }) => key));
  const dropped = new Set(
    messidorErrata.duplicates
      .filter(([kept, copy]) => present.has(kept) && present.has(copy))
      .map(([, copy]) => copy),
  );
  const notes =
    dropped.size === 0
      ? []
      : [
          `${dropped.size} of the duplicates in Base33 that MESSIDOR's publishers name left out (dedupe: false keeps them on one side of a split).`,
        ];
  return { images: images.filter(({ key }) => !dropped.has(key)), notes };
}

function markDuplicates(images: readonly KeyedImage[]): { images: KeyedImage[]; notes: string[] } {
  const nameOf = new Map(
    messidorErrata.duplicates.flatMap(
      ([kept, copy]) =>
        [
          [kept, kept],
          [copy, kept],
        ] as const,
    ),
  );
  const marked = images.map((image): KeyedImage =>
    nameOf.has(image.key) ? { ...image, knownCopy: nameOf.get(image.key)! } : image,
  );
  const sets = pairedImages(marked, messidorErrata.duplicates).filter((set) => set.length > 1);
  const differing = sets.filter(([a, b]) => a.label !== b.label);
  const notes =
    sets.length === 0
      ? []
      : [
          `${sets.length} duplicate ${sets.length === 1 ? 'pair' : 'pairs'} in Base33 kept, each on one side of a split${differing.length === 0 ? '' : `; ${differing.length} of them with different labels: ${shortList(differing.map(([a, b]) => `${basename(a.id)} (${a.label}) and ${basename(b.id)} (${b.label})`))}`}.`,
        ];
  return { images: marked, notes };
}

/** Base folders with images and no annotation file of their own. */
function findBareBases(
  byKey: ReadonlyMap<string, string>,
  { rows, bases }: Annotations,
  folder: string,
): Issue[] {
  if (bases.size === 0)
    return [
      {
        path: folder,
        message: 'holds no annotation file of MESSIDOR',
        hint: 'Annotation_Base11.xls to Annotation_Base34.xls, .xlsx or .csv, beside or inside the base folders',
      },
    ];
  const bare = new Map<string, number>();
  for (const [key, path] of byKey) {
    const base = /(?:^|\/)base[ _-]?(\d\d)(?:\/|$)/i.exec(dirname(path))?.[1];
    if (base !== undefined && !bases.has(base) && !rows.has(key))
      bare.set(base, (bare.get(base) ?? 0) + 1);
  }
  return [...bare].map(([base, count]) => ({
    path: folder,
    message: `Base${base} holds ${count} ${count === 1 ? 'image' : 'images'} and has no annotation file`,
    hint: `put Annotation_Base${base}.xls beside or inside it, or take the images out`,
  }));
}

function describeUnmatched(
  byKey: ReadonlyMap<string, string>,
  rows: Annotations['rows'],
): string[] {
  const images = [...byKey].filter(([key]) => !rows.has(key)).map(([, path]) => path);
  const lines = [...rows.values()].filter(({ key }) => !byKey.has(key)).map(({ name }) => name);
  return [
    ...(images.length > 0
      ? [
          `${images.length} ${images.length === 1 ? 'image has' : 'images have'} no annotation and ${images.length === 1 ? 'is' : 'are'} left out: ${shortList(images)}.`,
        ]
      : []),
    ...(lines.length > 0
      ? [
          `${lines.length} ${lines.length === 1 ? 'annotation has' : 'annotations have'} no image: ${shortList(lines)}.`,
        ]
      : []),
  ];
}
