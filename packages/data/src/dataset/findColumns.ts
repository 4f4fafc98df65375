import { type Issue, suggestName } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';

type Role = 'file' | 'label' | 'group' | 'mask';

/** Column names that are understood where no option names the column; compared without case, blanks, `_` and `-`. */
const USUAL: Readonly<Record<Role, readonly string[]>> = {
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
  label: ['label', 'class', 'grade', 'level', 'diagnosis', 'target', 'category'],
  group: ['patient', 'patientid', 'subject', 'subjectid'],
  mask: ['mask', 'maskfile', 'maskpath'],
};

/** Indices of a manifest's columns. */
export interface ManifestColumns {
  readonly file: number;
  readonly label: number;
  readonly group?: number;
  readonly mask?: number;
}

/** Finds the columns that the options name, and by their usual names those that they do not. */
export function findColumns(
  columns: readonly string[],
  options: ResolvedDataOptions,
  where: string,
): { columns?: ManifestColumns; issues: Issue[]; notes: string[] } {
  const issues: Issue[] = [];
  const find = (role: Role, { required }: { required: boolean }): number | undefined => {
    const given = options[`${role}Column`];
    const matches = given === undefined ? usualColumns(columns, role) : [columns.indexOf(given)];
    if (given !== undefined && matches[0] < 0)
      issues.push(unknownColumn(given, { columns, role, where }));
    else if (matches.length > 1)
      issues.push({
        path: where,
        message: `several columns could be the ${role}: ${matches.map((index) => `"${columns[index]}"`).join(', ')}`,
        hint: `name one with ${role}Column`,
      });
    else if (matches.length === 0 && required)
      issues.push({
        path: where,
        message: `no column is known as the ${role} (columns: ${columns.join(', ')})`,
        hint: `name it with ${role}Column`,
      });
    else return matches[0];
    return undefined;
  };
  const [file, label] = [find('file', { required: true }), find('label', { required: true })];
  const group = options.groupPattern === undefined ? find('group', { required: false }) : undefined;
  const mask = find('mask', { required: false });
  const notes = [
    ...(group !== undefined && options.groupColumn === undefined
      ? [
          `Images with equal "${columns[group]}" stay on one side of a split (found by its name; groupColumn names another).`,
        ]
      : []),
    ...(mask !== undefined && options.maskColumn === undefined
      ? [`Lesion masks come from the column "${columns[mask]}".`]
      : []),
  ];
  return file === undefined || label === undefined || issues.length > 0
    ? { issues, notes }
    : { columns: { file, label, group, mask }, issues, notes };
}

const usualColumns = (columns: readonly string[], role: Role): number[] =>
  columns.flatMap((name, index) =>
    USUAL[role].includes(name.toLowerCase().replaceAll(/[\s_-]/g, '')) ? [index] : [],
  );

function unknownColumn(
  name: string,
  { columns, role, where }: { columns: readonly string[]; role: Role; where: string },
): Issue {
  const near = suggestName(name, columns);
  return {
    path: where,
    message: `there is no column "${name}" (${role}Column)`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}columns: ${columns.join(', ')}`,
  };
}
