import type { Issue } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetKind } from './datasetKinds.js';

const TABLES: readonly DatasetKind[] = ['csv', 'eyepacs', 'aptos'];

/** Kinds that an option means something to; an option that is not here does to all. */
const KINDS: Readonly<Partial<Record<keyof ResolvedDataOptions, readonly DatasetKind[]>>> = {
  csv: [...TABLES, 'messidor2'],
  images: TABLES,
  fileColumn: TABLES,
  labelColumn: TABLES,
  groupColumn: TABLES,
  maskColumn: TABLES,
  groupPattern: ['folder', 'covid19-radiography', ...TABLES],
  label: ['messidor', 'messidor2'],
  errata: ['messidor'],
  dedupe: ['messidor'],
  pairs: ['messidor', 'messidor2'],
  release: ['covid19-radiography'],
};

const LABELS: Readonly<Partial<Record<DatasetKind, readonly string[]>>> = {
  messidor: ['dr4', 'dme3', 'dr-binary', 'dr-referable', 'dme-binary'],
  messidor2: ['dr5', 'dr-binary', 'dr-referable', 'dme-binary'],
};

/** Options that were given and that a data set of this kind has no use for: they would be lost without a word. */
export function foreignOptions(kind: DatasetKind, options: ResolvedDataOptions): Issue[] {
  const foreign = Object.entries(KINDS).filter(
    ([name, kinds]) =>
      options[name as keyof ResolvedDataOptions] !== undefined && !kinds.includes(kind),
  );
  const issues = foreign.map(([name, kinds]): Issue => ({
    path: `data.${name}`,
    message: `is no option of a data set of kind "${kind}"`,
    hint: `kinds: ${kinds.join(', ')}`,
  }));
  const labels = LABELS[kind];
  if (options.label !== undefined && labels !== undefined && !labels.includes(options.label))
    issues.push({
      path: 'data.label',
      message: `${kind} has no label "${options.label}"`,
      hint: labels.join(', '),
    });
  return issues;
}
