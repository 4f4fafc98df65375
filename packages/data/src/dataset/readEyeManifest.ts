import { publishedCounts } from '../noteText.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing } from './datasetListing.js';
import { readManifest } from './readManifest.js';

/**
 * Public data sets of fundus images whose labels are one CSV file: the file's name, its columns, and the published
 * counts of grades 0 to 4.
 */
export const eyeManifests = {
  eyepacs: {
    title: 'EyePACS (Kaggle 2015)',
    manifest: /^train_?labels.*\.csv$/i,
    typicalName: 'trainLabels.csv',
    fileColumn: 'image',
    labelColumn: 'level',
    published: [25810, 2443, 5292, 873, 708],
  },
  aptos: {
    title: 'APTOS 2019',
    manifest: /^train.*\.csv$/i,
    typicalName: 'train.csv',
    fileColumn: 'id_code',
    labelColumn: 'diagnosis',
    published: [1805, 370, 999, 193, 295],
  },
} as const;

/** Reads EyePACS or APTOS: a manifest with known column names. */
export async function readEyeManifest(
  { kind, manifest }: { readonly kind: keyof typeof eyeManifests; readonly manifest: string },
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const { title, published, fileColumn, labelColumn } = eyeManifests[kind];
  const listing = await readManifest(manifest, {
    ...options,
    fileColumn: options.fileColumn ?? fileColumn,
    labelColumn: options.labelColumn ?? labelColumn,
  });
  const found = published.map(
    (_, grade) =>
      listing.images.filter(({ label }) => label !== '' && Number(label) === grade).length,
  );
  const counts = publishedCounts({ what: `${title}, grades 0 to 4`, found, published });
  return { ...listing, notes: [counts, ...listing.notes] };
}
