import { throwIssues } from '@nonlocal-med/core';
import { readCovidRadiography } from './covid/readCovidRadiography.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing } from './datasetListing.js';
import type { DatasetPlace } from './datasetPlace.js';
import { detectKind } from './detectKind.js';
import { foreignOptions } from './foreignOptions.js';
import { readMessidor } from './messidor/readMessidor.js';
import { readMessidor2 } from './messidor/readMessidor2.js';
import { readEyeManifest } from './readEyeManifest.js';
import { readFolder } from './readFolder.js';
import { readManifest } from './readManifest.js';

/** What a data set says it consists of, and of which kind it is. @throws InputError when that cannot be told or read. */
export async function listDataset(
  options: ResolvedDataOptions,
): Promise<DatasetListing & { readonly kind: DatasetPlace['kind'] }> {
  const place = await detectKind(options);
  throwIssues(foreignOptions(place.kind, options));
  const listing = await read(place, options);
  return { ...listing, kind: place.kind, notes: [...place.notes, ...listing.notes] };
}

function read(place: DatasetPlace, options: ResolvedDataOptions): Promise<DatasetListing> {
  switch (place.kind) {
    case 'folder':
      return readFolder(place.folder);
    case 'csv':
      return readManifest(place.manifest, options);
    case 'eyepacs':
    case 'aptos':
      return readEyeManifest(place, options);
    case 'messidor':
      return readMessidor(place.folder, options);
    case 'messidor2':
      return readMessidor2(place.folder, { ...options, csv: place.grades ?? options.csv });
    case 'covid19-radiography':
      return readCovidRadiography(place.folder, options);
  }
}
