import { basename, dirname, join, resolve } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import { countOf, publishedCounts, shortList } from '../../noteText.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing } from '../datasetListing.js';
import { findImages } from '../findImages.js';
import { joinGroups } from '../joinDuplicates.js';
import { annotationBase, type Annotations, readAnnotations } from './annotations.js';
import { applyErrata, dropDuplicates, markDuplicates, messidorErrata } from './errata.js';
import { type EyeGrades, eyeLabels } from './eyeLabels.js';
import { indexByKey, type KeyedImage, pairedImages, readPairs } from './imageKeys.js';

const NO_PATIENTS =
  'MESSIDOR does not identify patients: the two eyes of one may end up in different sets of the split. The list of pairs of Messidor-2 joins 529 of them (option pairs).';

/**
 * Reads MESSIDOR: images in Base11 to Base34 or in one folder, as TIFF or converted, and annotation files anywhere below
 * the folder. Images without an annotation, and annotations without an image, are left out and counted.
 */
export async function readMessidor(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const { errata = true, dedupe = true, label = 'dr4', pairs } = options;
  const found = await findImages(folder);
  const annotations = await readAnnotations(
    folder,
    found.others.filter((path) => annotationBase(path) !== undefined),
  );
  const grades = errata
    ? applyErrata(annotations.rows)
    : {
        rows: annotations.rows,
        notes: ['Grades as in the annotation files, without the corrections of 2016.'],
      };
  const { byKey, issues: repeated } = indexByKey([...found.images, ...found.unsupported]);
  const { labels, labelOf } = eyeLabels[label];
  const annotated = [...byKey].filter(([key]) => grades.rows.has(key));
  const listed = annotated.map(([key, path]): KeyedImage => ({
    key,
    id: path,
    file: resolve(folder, path),
    label: labelOf(grades.rows.get(key)!),
    issuePath: join(folder, path),
  }));
  const { images, notes } = dedupe ? dropDuplicates(listed) : markDuplicates(listed);
  const sets = [
    ...pairedImages(images, pairs === undefined ? [] : await readPairs(resolve(folder, pairs))),
    ...pairedImages(images, messidorErrata.duplicates),
  ].filter((set) => set.length > 1);
  return {
    name: basename(resolve(folder)),
    images: joinGroups(images, sets),
    labels: [],
    labelOrder: labels,
    groupNote: NO_PATIENTS,
    issues: [
      ...annotations.issues,
      ...repeated,
      ...findUnannotatedBases(byKey, { annotations, folder }),
    ],
    notes: [
      ...describeCounts(
        annotated.map(([key]) => grades.rows.get(key)!),
        images.length,
      ),
      ...annotations.notes,
      ...grades.notes,
      ...notes,
      ...describeUnmatched(byKey, grades.rows),
      ...(found.maskFolders.length > 0
        ? [`Mask folders are not read as images: ${shortList(found.maskFolders)}.`]
        : []),
    ],
  };
}

/** Base folders with images and without an annotation file. */
function findUnannotatedBases(
  byKey: ReadonlyMap<string, string>,
  {
    annotations: { rows, bases },
    folder,
  }: { readonly annotations: Annotations; readonly folder: string },
): Issue[] {
  if (bases.size === 0)
    return [
      {
        path: folder,
        message: 'contains no annotation file of MESSIDOR',
        hint: 'Annotation_Base11.xls to Annotation_Base34.xls, .xlsx or .csv, next to or inside the base folders',
      },
    ];
  const imagesOf = new Map<string, number>();
  for (const [key, path] of byKey) {
    const base = /(?:^|\/)base[ _-]?(\d\d)(?:\/|$)/i.exec(dirname(path))?.[1];
    if (base !== undefined && !bases.has(base) && !rows.has(key))
      imagesOf.set(base, (imagesOf.get(base) ?? 0) + 1);
  }
  return [...imagesOf].map(([base, count]) => ({
    path: folder,
    message: `Base${base} contains ${countOf(count, 'image')} but no annotation file`,
    hint: `put Annotation_Base${base}.xls next to or inside it, or remove the images`,
  }));
}

const IMAGES = 1200;

/** Spec 8.1: whether the published counts are those before or after the four corrections is unknown. */
const RETINOPATHY = [546, 153, 247, 254];
const CORRECTED = [
  [547, 153, 246, 254],
  [545, 153, 248, 254],
];
const EDEMA = [974, 75, 151];

/** MESSIDOR's counts compared with the published ones: all annotated images, including duplicates. */
function describeCounts(grades: readonly Required<EyeGrades>[], used: number): string[] {
  const count = (name: 'retinopathy' | 'edema', length: number): number[] =>
    Array.from({ length }, (_, grade) => grades.filter((entry) => entry[name] === grade).length);
  return [
    `MESSIDOR: ${grades.length.toLocaleString('en')} annotated images of ${IMAGES.toLocaleString('en')} published${used === grades.length ? '' : `, ${used.toLocaleString('en')} without duplicates`}.`,
    publishedCounts({
      what: 'Retinopathy grades 0 to 3',
      found: count('retinopathy', 4),
      published: RETINOPATHY,
      accepted: { counts: CORRECTED, because: 'The corrections of 2016 explain the difference.' },
    }),
    publishedCounts({
      what: 'Risk of macular edema 0 to 2',
      found: count('edema', 3),
      published: EDEMA,
    }),
  ];
}

function describeUnmatched(
  byKey: ReadonlyMap<string, string>,
  rows: Annotations['rows'],
): string[] {
  const images = [...byKey].filter(([key]) => !rows.has(key)).map(([, path]) => path);
  const lines = [...rows.values()].filter(({ key }) => !byKey.has(key)).map(({ name }) => name);
  const notes: string[] = [];
  if (images.length > 0)
    notes.push(
      `${countOf(images.length, 'image')} without an annotation ${images.length === 1 ? 'is' : 'are'} left out: ${shortList(images)}.`,
    );
  if (lines.length > 0)
    notes.push(
      `${countOf(lines.length, 'annotation')} without an image ${lines.length === 1 ? 'is' : 'are'} left out: ${shortList(lines)}.`,
    );
  return notes;
}
