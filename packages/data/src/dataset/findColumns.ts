import { type Issue, unknownName } from '@nonlocal-med/core';
import { isGroupAttribute } from '../dicom/groupAttributes.js';
import { describeSeveralFindings } from '../findings/findingOptions.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';

type Role = 'file' | 'label' | 'group' | 'mask' | 'split';

/** Column names that are recognized without an option; compared without case, spaces, `_` and `-`. */
const COMMON_NAMES: Readonly<Record<Role, readonly string[]>> = {
  file: [
    'file',
    'filename',
    'filepath',
    'image',
    'imagefile',
    'imagename',
    'imagepath',
    'imageid',
    'imageindex',
    'idcode',
    'path',
  ],
  label: ['label', 'class', 'grade', 'level', 'diagnosis', 'target', 'category', 'findinglabels'],
  group: ['patient', 'patientid', 'subject', 'subjectid'],
  mask: ['mask', 'maskfile', 'maskpath'],
  split: ['split', 'subset', 'partition'],
};

/** Indices of a manifest's columns. */
export interface ManifestColumns {
  readonly file: number;
  /** Absent if findings have a column each. */
  readonly label?: number;
  /** Of the findings that have a column each, in their order. */
  readonly findings?: readonly number[];
  readonly group?: number;
  readonly mask?: number;
  readonly split?: number;
}

/**
 * Finds the columns that the options name, and the others by their common names.
 *
 * @param path of issues about the header
 */
export function findColumns(
  columns: readonly string[],
  options: ResolvedDataOptions,
  path: string,
): { columns?: ManifestColumns; issues: Issue[]; notes: string[] } {
  const issues: Issue[] = [];
  const find = (role: Role, { required }: { required: boolean }): number | undefined => {
    const given = options[`${role}Column`];
    // An attribute of DICOM files, which the manifest need not repeat.
    if (role === 'group' && isGroupAttribute(given) && !columns.includes(given)) return undefined;
    const found = findColumn(columns, { role, given, required, path });
    if ('issue' in found) issues.push(found.issue);
    return 'issue' in found ? undefined : found.index;
  };
  const file = find('file', { required: true });
  const findings = describeSeveralFindings(options)
    ? options.labelColumns?.map((name) => columns.indexOf(name))
    : undefined;
  const label = findings === undefined ? find('label', { required: true }) : undefined;
  issues.push(...missingColumns(options.labelColumns, columns, path));
  const group = options.groupPattern === undefined ? find('group', { required: false }) : undefined;
  const mask = find('mask', { required: false });
  const split = options.givenSplit === 'ignore' ? undefined : find('split', { required: false });
  const notes: string[] = [];
  if (mask !== undefined && options.maskColumn === undefined)
    notes.push(`Lesion masks are read from the column "${columns[mask]}".`);
  return file === undefined || issues.length > 0
    ? { issues, notes }
    : { columns: { file, label, findings, group, mask, split }, issues, notes };
}

/** Columns of findings that a table lacks. */
export function missingColumns(
  names: readonly string[] = [],
  columns: readonly string[],
  path: string,
): Issue[] {
  return names
    .filter((name) => !columns.includes(name))
    .map((name) => ({
      ...unknownName({ path, kind: 'column', name, known: columns }),
      message: `there is no column "${name}" (--label-columns)`,
    }));
}

/** What a user sets to name a column: the flag, if there is one. */
const optionOf = (role: Role): string => (role === 'mask' ? 'data.maskColumn' : `--${role}-column`);

/** The column that is given for a role, or recognized by its name; or why it cannot be told. */
export function findColumn(
  columns: readonly string[],
  {
    role,
    given,
    required,
    path,
  }: {
    readonly role: Role;
    readonly given: string | undefined;
    readonly required: boolean;
    readonly path: string;
  },
): { readonly index: number | undefined } | { readonly issue: Issue } {
  const matches = given === undefined ? commonColumns(columns, role) : [columns.indexOf(given)];
  if (given !== undefined && matches[0] < 0)
    return {
      issue: {
        ...unknownName({ path, kind: 'column', name: given, known: columns }),
        message: `there is no column "${given}" (${optionOf(role)})`,
      },
    };
  if (matches.length > 1)
    return {
      issue: {
        path,
        message: `several columns could be the ${role}: ${matches.map((index) => `"${columns[index]}"`).join(', ')}`,
        hint: `name one with ${optionOf(role)}`,
      },
    };
  if (matches.length === 0 && required)
    return {
      issue: {
        path,
        message: `no column is recognized as the ${role} (columns: ${columns.join(', ')})`,
        hint: `name it with ${optionOf(role)}`,
      },
    };
  return { index: matches[0] };
}

/** Indices of the columns that are recognized as a role by their names. */
export const commonColumns = (columns: readonly string[], role: Role): number[] =>
  columns.flatMap((name, index) =>
    COMMON_NAMES[role].includes(name.toLowerCase().replaceAll(/[\s_-]/g, '')) ? [index] : [],
  );
