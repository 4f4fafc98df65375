import { basename, dirname } from 'node:path';
import { readHeader } from '../table/readHeader.js';
import type { DatasetPlace } from './datasetPlace.js';
import { eyeManifests } from './eyeManifests.js';
import { messidor2Columns } from './messidor/messidor2Columns.js';

/** The public data set that a CSV file belongs to beyond doubt, by its columns (and its name, where they are plain); undefined for any other. */
export async function recogniseManifest(file: string): Promise<DatasetPlace | undefined> {
  const header = await readHeader(file);
  const name = basename(file);
  if (messidor2Columns(header) !== undefined)
    return {
      kind: 'messidor2',
      folder: dirname(file),
      grades: name,
      notes: [`Read as Messidor-2, by the columns of ${name} (kind: messidor2).`],
    };
  for (const kind of ['eyepacs', 'aptos'] as const) {
    const { title, manifest, fileColumn, labelColumn } = eyeManifests[kind];
    if (manifest.test(name) && header.includes(fileColumn) && header.includes(labelColumn))
      return {
        kind,
        manifest: file,
        notes: [`Read as ${title}, by the name and columns of ${name} (kind: ${kind}).`],
      };
  }
  return undefined;
}
