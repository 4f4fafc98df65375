import { join } from 'node:path';
import { InputError, type SplitName } from '@nonlocal-med/core';
import { publishedCounts } from '../../noteText.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from '../datasetListing.js';
import { joinNames } from '../givenSplit/readSplitFile.js';
import { splitNameOf, splitNames } from '../givenSplit/splitNames.js';
import { listFolder } from '../listFolder.js';
import { listManifest, type Manifest, parseManifest } from '../readManifest.js';

const FILE = 'Path';

/** CheXpert's 14 observations, in the order of its columns. */
const OBSERVATIONS = [
  'No Finding',
  'Enlarged Cardiomediastinum',
  'Cardiomegaly',
  'Lung Opacity',
  'Lung Lesion',
  'Edema',
  'Consolidation',
  'Pneumonia',
  'Atelectasis',
  'Pneumothorax',
  'Pleural Effusion',
  'Pleural Other',
  'Fracture',
  'Support Devices',
];

/** Images of the published tables; the labels of the test set were published later. */
const PUBLISHED: Readonly<Record<string, number>> = {
  training: 223414,
  validation: 234,
  test: 668,
};

/** train.csv, valid.csv, and test.csv or test_labels.csv. */
const TABLE = /^(train|valid|test)(?:_labels)?\.csv$/i;

/** Whether a table has the columns of CheXpert's train.csv and valid.csv, or of the labels of its test set. */
export const hasChexpertColumns = (header: readonly string[]): boolean =>
  [FILE, ...OBSERVATIONS].every((name) => header.includes(name));

/**
 * Reads CheXpert: `train.csv` and `valid.csv`, with `test.csv` or `test_labels.csv` if it is there, which are the published
 * split, or one of them alone. Each of the 14 observations is a finding, unless `labelColumns` chooses some; the patient is
 * the folder in the path. Both sizes are read (`CheXpert-v1.0`, `CheXpert-v1.0-small`), whatever the folder is called now.
 *
 * @throws InputError if the folder has no such table, or one that cannot be used
 */
export async function readChexpert(
  { folder, table }: { readonly folder: string; readonly table?: string },
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const tables = table === undefined ? await findTables(folder) : [table];
  if (tables.length === 0)
    throw new InputError({
      path: 'data.path',
      message: `"${folder}" contains no train.csv or valid.csv`,
      hint: 'the folder CheXpert-v1.0 or CheXpert-v1.0-small',
    });
  const listings: DatasetListing[] = [];
  for (const name of tables) {
    const file = join(folder, name);
    listings.push(
      await listManifest(selectRows(await parseManifest(file), options), {
        file,
        options: {
          ...options,
          task: 'multilabel',
          fileColumn: FILE,
          labelColumns: options.labelColumns ?? OBSERVATIONS,
        },
      }),
    );
  }
  const splitIsGiven =
    tables.length > 1 && options.givenSplit !== 'ignore' && options.splitFile === undefined;
  const parts = listings.map(({ images }, i) => ({
    images: images.map((image): ListedImage => ({
      ...image,
      group: options.groupPattern === undefined ? patientOf(image.id) : undefined,
      ...(splitIsGiven ? { split: partOf(tables[i]) } : {}),
    })),
  }));
  const [first] = listings;
  return {
    ...first,
    images: parts.flatMap(({ images }) => images),
    findings: { ...first.findings!, column: joinNames(tables), blank: 'zeros' },
    splitSource: splitIsGiven ? joinNames(tables) : undefined,
    issues: listings.flatMap(({ issues }) => issues),
    notes: [
      describeCounts(tables, listings, options),
      ...(options.blank === undefined
        ? [
            'In CheXpert, a blank cell is a finding that the report does not mention: it counts as absent, unless --blank says otherwise.',
          ]
        : []),
      ...new Set(listings.flatMap(({ notes }) => notes)),
    ],
  };
}

/** The tables of a folder, in the order of the parts of a split. */
async function findTables(folder: string): Promise<string[]> {
  const tables = (await listFolder(folder)).filter((name) => TABLE.test(name));
  const order = (name: string): number => splitNames.indexOf(partOf(name));
  return tables.sort((a, b) => order(a) - order(b));
}

const partOf = (table: string): SplitName =>
  splitNameOf(TABLE.exec(table)?.[1] ?? '') ?? 'training';

/** The rows of the requested view, with paths below the folder, which may have been renamed. */
function selectRows(
  { columns, rows, ...rest }: Manifest,
  { view }: Pick<ResolvedDataOptions, 'view'>,
): Manifest {
  const index = columns.indexOf(FILE);
  const named = rows.map(({ line, cells }) => ({
    line,
    cells: cells.map((cell, c) =>
      c === index ? cell.replace(/^CheXpert-v1\.0[^/]*\//, '') : cell,
    ),
  }));
  return {
    ...rest,
    columns,
    rows:
      view === undefined
        ? named
        : named.filter(({ cells }) => (cells[index] ?? '').includes(`_${view}.`)),
  };
}

/** "patient00001" of "train/patient00001/study1/view1_frontal.jpg". */
const patientOf = (path: string): string | undefined =>
  path.split('/').find((name) => /^patient\d+$/.test(name));

function describeCounts(
  tables: readonly string[],
  listings: readonly DatasetListing[],
  { view }: Pick<ResolvedDataOptions, 'view'>,
): string {
  const found = listings.map(({ images }) => images.length);
  if (view !== undefined)
    return `CheXpert, ${view} views only: ${found.map((count) => count.toLocaleString('en')).join(' / ')} images in ${tables.join(' / ')}.`;
  return publishedCounts({
    what: `CheXpert, ${tables.join(' / ')}`,
    found,
    published: tables.map((name) => PUBLISHED[partOf(name)]),
  });
}
