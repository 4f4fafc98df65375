import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing } from './datasetListing.js';
import { eyeManifests } from './eyeManifests.js';
import { publishedCounts } from './publishedCounts.js';
import { readManifest } from './readManifest.js';

/** Reads EyePACS or APTOS: a manifest with columns of known names. */
export async function readEyeManifest(
  { kind, manifest }: { kind: keyof typeof eyeManifests; manifest: string },
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const { title, published, fileColumn, labelColumn } = eyeManifests[kind];
  const listing = await readManifest(manifest, {
    ...options,
    fileColumn: options.fileColumn ?? fileColumn,
    labelColumn: options.labelColumn ?? labelColumn,
  });
  const found = published.map(
    (_, grade) => listing.images.filter(({ label }) => label === String(grade)).length,
  );
  return {
    ...listing,
    notes: [
      publishedCounts({ what: `${title}, grades 0 to 4`, found, published }),
      ...listing.notes,
    ],
  };
}
