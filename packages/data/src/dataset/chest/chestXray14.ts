import { dirname, join } from 'node:path';
import { fileExists } from '@nonlocal-med/core/node';
import { publishedCounts } from '../../noteText.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { DatasetListing } from '../datasetListing.js';
import { applySplitFile } from '../givenSplit/applySplitFile.js';
import { readSplitFile } from '../givenSplit/readSplitFile.js';
import { readManifest } from '../readManifest.js';

const FILE = 'Image Index';
const LABELS = 'Finding Labels';
const PATIENT = 'Patient ID';

/** The findings of ChestX-ray14 in their published order, with the images that `Data_Entry_2017.csv` lists them for. */
const PUBLISHED: Readonly<Record<string, number>> = {
  Atelectasis: 11559,
  Cardiomegaly: 2776,
  Effusion: 13317,
  Infiltration: 19894,
  Mass: 5782,
  Nodule: 6331,
  Pneumonia: 1431,
  Pneumothorax: 5302,
  Consolidation: 4667,
  Edema: 2303,
  Emphysema: 2516,
  Fibrosis: 1686,
  Pleural_Thickening: 3385,
  Hernia: 227,
};
const FINDINGS = Object.keys(PUBLISHED);
const PUBLISHED_IMAGES = 112120;

/** The published split: patients are in one of the two lists. */
const LISTS = { training: 'train_val_list.txt', test: 'test_list.txt' } as const;

/** Whether a table has the columns of `Data_Entry_2017.csv`, or of a part of it such as Kaggle's sample. */
export const hasChestXray14Columns = (header: readonly string[]): boolean =>
  [FILE, LABELS, PATIENT].every((name) => header.includes(name));

/**
 * Reads ChestX-ray14 of the NIH Clinical Center: `Data_Entry_2017.csv` with findings such as "Effusion|Mass" and patients,
 * images in `images_001/images/` and so on, or together in one folder, and the split of `train_val_list.txt` and
 * `test_list.txt` next to the table. Boxes (`BBox_List_2017.csv`) are not read.
 */
export async function readChestXray14(
  manifest: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const { groupColumn, groupPattern } = options;
  const listing = await readManifest(manifest, {
    ...options,
    task: 'multilabel',
    fileColumn: FILE,
    labelColumn: LABELS,
    groupColumn: groupColumn ?? (groupPattern === undefined ? PATIENT : undefined),
  });
  const split = await publishedSplit(dirname(manifest), listing, options);
  return {
    ...listing,
    ...split,
    findings: { ...listing.findings!, known: FINDINGS },
    issues: [...listing.issues, ...split.issues],
    notes: [describeCounts(listing), ...listing.notes, ...split.notes],
  };
}

async function publishedSplit(
  folder: string,
  listing: DatasetListing,
  { givenSplit, splitFile }: ResolvedDataOptions,
): Promise<Pick<DatasetListing, 'images' | 'issues' | 'notes' | 'splitSource'>> {
  const lists: { training?: string; test?: string } = {};
  for (const part of ['training', 'test'] as const) {
    const file = join(folder, LISTS[part]);
    if (await fileExists(file)) lists[part] = file;
  }
  const isGiven = listing.splitSource !== undefined || splitFile !== undefined;
  if (lists.test === undefined || givenSplit === 'ignore' || isGiven)
    return { images: listing.images, issues: [], notes: [], splitSource: listing.splitSource };
  return applySplitFile(listing.images, await readSplitFile(lists));
}

function describeCounts({ images }: DatasetListing): string {
  if (images.length !== PUBLISHED_IMAGES)
    return `ChestX-ray14: ${images.length.toLocaleString('en')} of ${PUBLISHED_IMAGES.toLocaleString('en')} published images.`;
  return publishedCounts({
    what: `ChestX-ray14 (${FINDINGS.join(', ')})`,
    found: FINDINGS.map(
      (name) => images.filter(({ label }) => label.split('|').includes(name)).length,
    ),
    published: Object.values(PUBLISHED),
  });
}
