import { basename, extname, join, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { publishedCounts, shortList } from '../../noteText.js';
import { readTable } from '../../table/readTable.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing } from '../datasetListing.js';
import { findImages } from '../findImages.js';
import { groupRule } from '../groupImages.js';
import { joinGroups } from '../joinDuplicates.js';
import {
  type AdjudicatedGrades,
  messidor2Columns,
  readAdjudicatedGrades,
} from './adjudicatedGrades.js';
import { eyeLabels } from './eyeLabels.js';
import { indexByKey, type KeyedImage, pairedImages, readPairs } from './imageKeys.js';

/** Adjudicated grades 0 to 4 of the 1,744 gradable images (Kaggle google-brain/messidor2-dr-grades; 4 of 1,748 are ungradable). */
const PUBLISHED = [1017, 270, 347, 75, 35];
const NO_PAIRS =
  'There is no list of pairs (messidor-2.csv): the two eyes of an examination may end up in different sets of the split.';

/** Reads Messidor-2: images anywhere below the folder, a table of adjudicated grades, and the list of pairs if present. */
export async function readMessidor2(
  folder: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const found = await findImages(folder);
  const tables = found.others.filter((path) => /^\.(csv|xlsx?)$/i.test(extname(path)));
  const gradeFile = options.csv ?? (await findGradeFile(folder, tables));
  const pairFile =
    options.pairs ??
    tables.find(
      (path) =>
        path !== gradeFile && /^messidor-?_?2(_?pairs)?\.(csv|xlsx?)$/i.test(basename(path)),
    );
  const grades = await readAdjudicatedGrades(resolve(folder, gradeFile));
  const { byKey, issues: repeated } = indexByKey([...found.images, ...found.unsupported]);
  const { labels, labelOf } = eyeLabels[options.label ?? 'dr5'];
  const images = [...grades.rows].flatMap(([key, row]): KeyedImage[] => {
    const path = byKey.get(key);
    if (path === undefined) return [];
    const [file, issuePath] = [resolve(folder, path), join(folder, path)];
    return [{ key, id: path, file, label: labelOf(row), issuePath }];
  });
  const sets = pairedImages(
    images,
    pairFile === undefined ? [] : await readPairs(resolve(folder, pairFile)),
  );
  const complete = sets.filter((set) => set.length > 1).length;
  const pairNote =
    pairFile === undefined
      ? ''
      : `; the images of an examination (${pairFile}) ${groupRule({ splitIsGiven: options.splitFile !== undefined })}: ${complete} pairs of 874 published`;
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

/** The only CSV file with the columns of the adjudicated grades. @throws InputError if there is none, or several. */
async function findGradeFile(folder: string, tables: readonly string[]): Promise<string> {
  const matches: string[] = [];
  for (const path of tables.filter((entry) => /\.csv$/i.test(entry))) {
    const [header] = await readTable(join(folder, path));
    if (messidor2Columns(header?.cells ?? []) !== undefined) matches.push(path);
  }
  if (matches.length === 1) return matches[0];
  throw new InputError({
    path: folder,
    message:
      matches.length === 0
        ? 'contains no table of adjudicated grades'
        : `contains several tables of grades: ${matches.join(', ')}`,
    hint: 'messidor_data.csv with image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable; --kind messidor2 --data FOLDER/FILE.csv names it',
  });
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
  const ungraded = [...byKey]
    .filter(([key]) => !rows.has(key) && !ungradable.has(key))
    .map(([, path]) => path);
  const absent = [...rows].filter(([key]) => !byKey.has(key)).map(([, { name }]) => name);
  const notes: string[] = [];
  if (ungradable.size > 0)
    notes.push(
      `Left out as ungradable: ${ungradable.size} (${shortList([...ungradable.values()])}).`,
    );
  if (ungraded.length > 0)
    notes.push(`Left out as ungraded: ${ungraded.length} (${shortList(ungraded)}).`);
  if (absent.length > 0)
    notes.push(`Grades without an image: ${absent.length} (${shortList(absent)}).`);
  return notes;
}
