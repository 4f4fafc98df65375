import { basename, extname, join, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { readTable } from '../../table/readTable.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing } from '../datasetListing.js';
import { findImages } from '../findImages.js';
import { joinGroups } from '../joinGroups.js';
import { publishedCounts } from '../publishedCounts.js';
import { shortList } from '../shortList.js';
import { findByKey } from './findByKey.js';
import { medicalLabels } from './medicalLabels.js';
import { messidor2Columns } from './messidor2Columns.js';
import { type KeyedImage, pairedImages } from './pairedImages.js';
import { type AdjudicatedGrades, readAdjudicatedGrades } from './readAdjudicatedGrades.js';
import { readPairs } from './readPairs.js';

/** Adjudicated grades 0 to 4 of the 1,744 gradable images (Kaggle google-brain/messidor2-dr-grades; 4 of 1,748 are ungradable). */
const PUBLISHED = [1017, 270, 347, 75, 35];
const NO_PAIRS =
  'No list of pairs (messidor-2.csv) is there: the two eyes of an examination may fall on both sides of a split.';

/** Reads Messidor-2: images anywhere below the folder, a table of adjudicated grades, and the list of pairs where it is there. */
export async function readMessidor2(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const found = await findImages(folder);
  const tables = found.others.filter((path) => /^\.(csv|xlsx?)$/i.test(extname(path)));
  const gradeFile = options.csv ?? (await findGrades(folder, tables));
  const pairFile =
    options.pairs ??
    tables.find(
      (path) =>
        path !== gradeFile && /^messidor-?_?2(_?pairs)?\.(csv|xlsx?)$/i.test(basename(path)),
    );
  const grades = await readAdjudicatedGrades(resolve(folder, gradeFile));
  const { byKey, issues: repeated } = findByKey([...found.images, ...found.foreign]);
  const { labels, of } = medicalLabels[options.label ?? 'dr5'];
  const images = [...grades.rows].flatMap(([key, row]): KeyedImage[] => {
    const path = byKey.get(key);
    return path === undefined
      ? []
      : [{ key, id: path, file: resolve(folder, path), label: of(row), where: join(folder, path) }];
  });
  const sets = pairedImages(
    images,
    pairFile === undefined ? [] : await readPairs(resolve(folder, pairFile)),
  );
  const pairNote =
    pairFile === undefined
      ? ''
      : `; the images of an examination (${pairFile}) stay on one side of a split: ${sets.filter((set) => set.length > 1).length} pairs of 874 published`;
  return {
    name: basename(resolve(folder)),
    images: joinGroups(images, sets),
    labels: [],
    labelOrder: labels,
    groupNote: NO_PAIRS,
    issues: [...grades.issues, ...repeated],
    notes: [
      `Grades are from ${gradeFile}${pairNote}.`,
      describeGrades(images, grades),
      ...describeLeftOut(byKey, grades),
    ],
  };
}

function describeGrades(images: readonly KeyedImage[], { rows }: AdjudicatedGrades): string {
  const found = PUBLISHED.map(
    (_, grade) => images.filter(({ key }) => rows.get(key)!.retinopathy === grade).length,
  );
  return publishedCounts({
    what: 'Adjudicated retinopathy grades 0 to 4',
    found,
    published: PUBLISHED,
  });
}

function describeLeftOut(
  byKey: ReadonlyMap<string, string>,
  { rows, ungradable }: AdjudicatedGrades,
): string[] {
  const absent = [...rows].filter(([key]) => !byKey.has(key)).map(([, { name }]) => name);
  const ungraded = [...byKey]
    .filter(([key]) => !rows.has(key) && !ungradable.has(key))
    .map(([, path]) => path);
  return [
    ...(ungradable.size > 0
      ? [`Left out as ungradable: ${ungradable.size} (${shortList([...ungradable.values()])}).`]
      : []),
    ...(ungraded.length > 0
      ? [`Left out for want of a grade: ${ungraded.length} (${shortList(ungraded)}).`]
      : []),
    ...(absent.length > 0
      ? [`Grades without an image: ${absent.length} (${shortList(absent)}).`]
      : []),
  ];
}

async function findGrades(folder: string, tables: readonly string[]): Promise<string> {
  const fitting: string[] = [];
  for (const path of tables.filter((entry) => /\.csv$/i.test(entry)))
    if (messidor2Columns((await readTable(join(folder, path)))[0]?.cells ?? []) !== undefined)
      fitting.push(path);
  if (fitting.length === 1) return fitting[0];
  const what =
    fitting.length === 0
      ? 'holds no table of adjudicated grades'
      : `holds several tables of grades: ${fitting.join(', ')}`;
  throw new InputError({
    path: folder,
    message: what,
    hint: 'messidor_data.csv with image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable; option csv names it',
  });
}
