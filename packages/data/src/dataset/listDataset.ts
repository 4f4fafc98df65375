import { type Issue, throwIssues } from '@nonlocal-med/core';
import { isGroupAttribute } from '../dicom/groupAttributes.js';
import { describeSeveralFindings, findingConflicts } from '../findings/findingOptions.js';
import { readChestXray14 } from './chest/chestXray14.js';
import { readChexpert } from './chest/chexpert.js';
import { readCovidRadiography } from './covid/readCovidRadiography.js';
import type { DatasetKind, ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, DatasetLocation } from './datasetListing.js';
import { detectKind } from './detectKind.js';
import { readMessidor } from './messidor/readMessidor.js';
import { readMessidor2 } from './messidor/readMessidor2.js';
import { readEyeManifest } from './readEyeManifest.js';
import { readFolder } from './readFolder.js';
import { readManifest } from './readManifest.js';

/** Detects a data set's kind and lists its images. @throws InputError if its kind is ambiguous or it cannot be read. */
export async function listDataset(
  options: ResolvedDataOptions,
): Promise<DatasetListing & { readonly kind: DatasetKind }> {
  const location = await detectKind(options);
  throwIssues([
    ...unsupportedOptions(location.kind, options),
    ...findingIssues(location.kind, options),
  ]);
  const listing = await readListing(location, options);
  return { ...listing, kind: location.kind, notes: [...location.notes, ...listing.notes] };
}

function readListing(
  location: DatasetLocation,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  switch (location.kind) {
    case 'folder':
      return readFolder(location.folder, options);
    case 'csv':
      return readManifest(location.manifest, options);
    case 'eyepacs':
    case 'aptos':
      return readEyeManifest(location, options);
    case 'chestxray14':
      return readChestXray14(location.manifest, options);
    case 'chexpert':
      return readChexpert(location, options);
    case 'messidor':
      return readMessidor(location.folder, options);
    case 'messidor2':
      return readMessidor2(location.folder, { ...options, csv: location.grades ?? options.csv });
    case 'covid19-radiography':
      return readCovidRadiography(location.folder, options);
  }
}

const TABLE_KINDS: readonly DatasetKind[] = ['csv', 'eyepacs', 'aptos'];
/** The kinds that always have several findings per image. */
const FINDING_KINDS: readonly DatasetKind[] = ['chestxray14', 'chexpert'];

/** The kinds that an option applies to; an option that is not listed applies to all of them. */
const KINDS_OF_OPTION: Readonly<
  Partial<Record<keyof ResolvedDataOptions, readonly DatasetKind[]>>
> = {
  csv: [...TABLE_KINDS, 'messidor2', 'chestxray14'],
  images: [...TABLE_KINDS, 'chestxray14'],
  fileColumn: TABLE_KINDS,
  labelColumn: TABLE_KINDS,
  groupColumn: [...TABLE_KINDS, 'chestxray14'],
  maskColumn: TABLE_KINDS,
  splitColumn: TABLE_KINDS,
  labelColumns: ['csv', 'chexpert'],
  labelSeparator: ['csv'],
  noFinding: ['csv'],
  findings: ['csv', 'chestxray14'],
  uncertain: ['csv', 'chexpert'],
  blank: ['csv', ...FINDING_KINDS],
  view: ['chexpert'],
  groupPattern: ['folder', 'covid19-radiography', ...TABLE_KINDS, ...FINDING_KINDS],
  label: ['messidor', 'messidor2'],
  errata: ['messidor'],
  dedupe: ['messidor'],
  pairs: ['messidor', 'messidor2'],
  release: ['covid19-radiography'],
};

/** Whether an option has a meaning for a kind of data set. */
export const appliesTo = (option: keyof ResolvedDataOptions, kind: DatasetKind): boolean =>
  KINDS_OF_OPTION[option]?.includes(kind) ?? true;

const LABELS_OF_KIND: Readonly<Partial<Record<DatasetKind, readonly string[]>>> = {
  messidor: ['dr4', 'dme3', 'dr-binary', 'dr-referable', 'dme-binary'],
  messidor2: ['dr5', 'dr-binary', 'dr-referable', 'dme-binary'],
};

/** Issues for options that do not apply to this kind of data set and would otherwise be silently ignored. */
function unsupportedOptions(kind: DatasetKind, options: ResolvedDataOptions): Issue[] {
  const issues = Object.entries(KINDS_OF_OPTION)
    .filter(
      ([name, kinds]) =>
        !(name === 'groupColumn' && isGroupAttribute(options.groupColumn)) &&
        options[name as keyof ResolvedDataOptions] !== undefined &&
        !kinds.includes(kind),
    )
    .map(([name, kinds]): Issue => ({
      path: `data.${name}`,
      message: `does not apply to a data set of kind "${kind}"`,
      hint: `kinds: ${kinds.join(', ')}`,
    }));
  const labels = LABELS_OF_KIND[kind];
  if (options.label !== undefined && labels !== undefined && !labels.includes(options.label))
    issues.push({
      path: 'data.label',
      message: `${kind} does not have the label "${options.label}"`,
      hint: labels.join(', '),
    });
  return issues;
}

/** Issues for options on several findings per image that have no effect, or contradict each other. */
function findingIssues(kind: DatasetKind, options: ResolvedDataOptions): Issue[] {
  const always = FINDING_KINDS.includes(kind);
  if (always && options.task === 'multiclass')
    return [
      {
        path: 'data.task',
        message: `got "multiclass", but a data set of kind "${kind}" has several findings per image`,
        hint: 'kind: csv reads its labels as classes',
      },
    ];
  if (!always && kind !== 'csv')
    return options.task === 'multilabel'
      ? [
          {
            path: 'data.task',
            message: `got "multilabel", but a data set of kind "${kind}" has one label per image`,
            hint: 'a CSV or Excel manifest tells several findings: one column each, or a column such as "Effusion|Mass"',
          },
        ]
      : [];
  if (always || describeSeveralFindings(options))
    return findingConflicts(
      options,
      options.labelColumns === undefined && kind !== 'chexpert' ? 'list' : 'columns',
    ).map(({ option, ...issue }) => ({ ...issue, path: `data.${option}` }));
  return (
    ['labelColumns', 'labelSeparator', 'noFinding', 'findings', 'uncertain', 'blank'] as const
  ).flatMap((option): Issue[] =>
    options[option] === undefined
      ? []
      : [
          {
            path: `data.${option}`,
            message: 'has an effect on several findings per image only',
            hint: '--task multilabel',
          },
        ],
  );
}
