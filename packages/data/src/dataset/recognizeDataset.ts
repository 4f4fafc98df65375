import { basename, dirname, join } from 'node:path';
import { shortList } from '../noteText.js';
import { isSpreadsheet, readHeader } from '../table/readTable.js';
import { hasChestXray14Columns } from './chest/chestXray14.js';
import { hasChexpertColumns } from './chest/chexpert.js';
import { findCovidFolders } from './covid/findCovidFolders.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetLocation } from './datasetListing.js';
import { splitNameOf } from './givenSplit/splitNames.js';
import { listFolder } from './listFolder.js';
import { messidor2Columns } from './messidor/adjudicatedGrades.js';
import { annotationBase } from './messidor/annotations.js';
import { eyeManifests } from './readEyeManifest.js';

/** More folders than the top level of a public data set has: such a folder is not searched. */
const MAXIMUM_FOLDERS = 40;

/** MESSIDOR's twelve folders: they are not classes, but the packages of its three hospitals. */
const BASE_FOLDER = /^base[ _-]?[1-3][1-4]$/i;

/** The public data set that a folder holds beyond doubt, by the names in it; otherwise undefined. */
export async function recognizeFolder(
  folder: string,
  {
    names,
    folders,
    options,
  }: {
    readonly names: readonly string[];
    readonly folders: readonly string[];
    readonly options: ResolvedDataOptions;
  },
): Promise<DatasetLocation | undefined> {
  const annotation =
    names.find((name) => annotationBase(name) !== undefined) ??
    (await findNestedAnnotation(folder, folders));
  if (annotation !== undefined)
    return {
      kind: 'messidor',
      folder,
      notes: [`Read as MESSIDOR because of ${annotation} (kind: messidor).`],
    };
  const bases = folders.filter((name) => BASE_FOLDER.test(name));
  if (bases.length > 0 && bases.length === folders.length)
    return {
      kind: 'messidor',
      folder,
      notes: [`Read as MESSIDOR because of the folders ${shortList(bases)} (kind: messidor).`],
    };
  const manifests: DatasetLocation[] = [];
  for (const name of names.filter((entry) => /\.csv$/i.test(entry))) {
    const location = await recognizeManifest(join(folder, name), options);
    if (location !== undefined) manifests.push(location);
  }
  if (manifests.some(({ kind }) => kind === 'chexpert'))
    return { kind: 'chexpert', folder, notes: manifests[0].notes };
  if (manifests.length > 0) return manifests.length === 1 ? manifests[0] : undefined;
  // With train/ and test/, the same class folders are those of a published split, not the whole data set.
  if (folders.some((name) => splitNameOf(name) !== undefined)) return undefined;
  const covid = await findCovidFolders(folder);
  if (covid === undefined) return undefined;
  return {
    kind: 'covid19-radiography',
    folder,
    notes: [
      `Read as the COVID-19 Radiography Database because of the folders ${[...covid.folders.values()].join(', ')} (kind: covid19-radiography).`,
    ],
  };
}

/**
 * The public data set that a CSV file belongs to beyond doubt, by its columns (and its name, if they are common);
 * otherwise undefined.
 */
export async function recognizeManifest(
  file: string,
  options: ResolvedDataOptions,
): Promise<DatasetLocation | undefined> {
  if (isSpreadsheet(file)) return undefined;
  const header = await readHeader(file);
  const name = basename(file);
  if (messidor2Columns(header) !== undefined)
    return {
      kind: 'messidor2',
      folder: dirname(file),
      grades: name,
      notes: [`Read as Messidor-2 because of the columns of ${name} (kind: messidor2).`],
    };
  for (const kind of ['eyepacs', 'aptos'] as const) {
    const { title, manifest, fileColumn, labelColumn } = eyeManifests[kind];
    if (manifest.test(name) && header.includes(fileColumn) && header.includes(labelColumn))
      return {
        kind,
        manifest: file,
        notes: [`Read as ${title} because of the name and columns of ${name} (kind: ${kind}).`],
      };
  }
  if (describesClasses(options)) return undefined;
  if (hasChestXray14Columns(header))
    return {
      kind: 'chestxray14',
      manifest: file,
      notes: [
        `Read as ChestX-ray14 because of the columns of ${name} (kind: chestxray14; --task multiclass reads its labels as classes).`,
      ],
    };
  if (hasChexpertColumns(header))
    return {
      kind: 'chexpert',
      folder: dirname(file),
      table: name,
      notes: [`Read as CheXpert because of the columns of ${name} (kind: chexpert).`],
    };
  return undefined;
}

/** Whether options say how labels become classes, so that a table with several findings is not read as such. */
const describesClasses = ({
  task,
  labelColumn,
  labelMap = {},
  labelThresholds,
  classes,
}: ResolvedDataOptions): boolean =>
  task === undefined
    ? (labelColumn ?? labelThresholds ?? classes) !== undefined || 'No Finding' in labelMap
    : task === 'multiclass';

async function findNestedAnnotation(
  folder: string,
  folders: readonly string[],
): Promise<string | undefined> {
  if (folders.length > MAXIMUM_FOLDERS) return undefined;
  for (const name of folders) {
    const names = await listFolder(join(folder, name)).catch(() => []);
    const annotation = names.find((entry) => annotationBase(entry) !== undefined);
    if (annotation !== undefined) return `${name}/${annotation}`;
  }
  return undefined;
}
