import { join } from 'node:path';
import { findCovidFolders } from './covid/findCovidFolders.js';
import type { DatasetPlace } from './datasetPlace.js';
import { listNames } from './listNames.js';
import { annotationBase } from './messidor/annotationBase.js';
import { recogniseManifest } from './recogniseManifest.js';
import { shortList } from './shortList.js';

/** More folders than a public data set's top level has: such a folder is not searched. */
const MOST_FOLDERS = 40;

/** MESSIDOR's twelve folders: they are no classes, but its three hospitals' packages. */
const BASE_FOLDER = /^base[ _-]?[1-3][1-4]$/i;

/** The public data set that a folder holds beyond doubt, by the names in it; undefined for any other. */
export async function recogniseFolder(
  folder: string,
  { names, folders }: { names: readonly string[]; folders: readonly string[] },
): Promise<DatasetPlace | undefined> {
  const annotation =
    names.find((name) => annotationBase(name) !== undefined) ??
    (await findAnnotationInside(folder, folders));
  if (annotation !== undefined)
    return {
      kind: 'messidor',
      folder,
      notes: [`Read as MESSIDOR, by ${annotation} (kind: messidor).`],
    };
  const bases = folders.filter((name) => BASE_FOLDER.test(name));
  if (bases.length > 0 && bases.length === folders.length)
    return {
      kind: 'messidor',
      folder,
      notes: [`Read as MESSIDOR, by the folders ${shortList(bases)} (kind: messidor).`],
    };
  const places: DatasetPlace[] = [];
  for (const name of names.filter((entry) => /\.csv$/i.test(entry)))
    places.push(
      ...[await recogniseManifest(join(folder, name))].filter((place) => place !== undefined),
    );
  if (places.length === 1) return places[0];
  const covid = places.length > 0 ? undefined : await findCovidFolders(folder);
  return (
    covid && {
      kind: 'covid19-radiography',
      folder,
      notes: [
        `Read as the COVID-19 Radiography Database, by the folders ${[...covid.folders.values()].join(', ')} (kind: covid19-radiography).`,
      ],
    }
  );
}

async function findAnnotationInside(
  folder: string,
  folders: readonly string[],
): Promise<string | undefined> {
  if (folders.length > MOST_FOLDERS) return undefined;
  for (const name of folders) {
    const inside = (await listNames(join(folder, name)).catch(() => [])).find(
      (entry) => annotationBase(entry) !== undefined,
    );
    if (inside !== undefined) return `${name}/${inside}`;
  }
  return undefined;
}
