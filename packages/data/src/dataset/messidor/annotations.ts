import { basename, join } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import { countOf, shortList } from '../../noteText.js';
import type { TableRow } from '../../table/csvRows.js';
import { readTable } from '../../table/readTable.js';
import { naturalCompare } from '../naturalCompare.js';
import type { EyeGrades } from './eyeLabels.js';
import { imageKey } from './imageKeys.js';

/** One line of an annotation file. */
export interface AnnotationRow extends Required<EyeGrades> {
  readonly key: string;
  /** The image's name as written in the file. */
  readonly name: string;
  /** File and line. */
  readonly issuePath: string;
}

/** The content of all annotation files, with one row per image. */
export interface Annotations {
  /** By image key. */
  readonly rows: ReadonlyMap<string, AnnotationRow>;
  /** Base sets with an annotation file: "11". */
  readonly bases: ReadonlySet<string>;
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/**
 * The base set ("11") whose annotations a file holds, by its name: Annotation_Base11.xls, or a corrected or converted
 * version of it; otherwise undefined.
 */
export const annotationBase = (path: string): string | undefined =>
  /^annotation_base(\d\d).*\.(?:xlsx?|csv)$/i.exec(basename(path))?.[1];

/**
 * Reads all annotation files. A corrected file (`..._update20161024.xls`) takes precedence over the original; files of
 * the same precedence, and lines of one file, must agree.
 *
 * @param paths relative to the folder
 * @throws InputError if a file cannot be read
 */
export async function readAnnotations(
  folder: string,
  paths: readonly string[],
): Promise<Annotations> {
  const rows = new Map<string, AnnotationRow & { readonly update: boolean }>();
  const issues: Issue[] = [];
  const corrected = new Set<string>();
  const isUpdate = (path: string): boolean => /update/i.test(basename(path));
  const ordered = [...paths].sort(
    (a, b) => Number(isUpdate(a)) - Number(isUpdate(b)) || naturalCompare(a, b),
  );
  for (const path of ordered) {
    const update = isUpdate(path);
    const read = await readAnnotationFile(join(folder, path));
    issues.push(...read.issues);
    for (const row of read.rows) {
      const earlier = rows.get(row.key);
      const agree =
        earlier === undefined ||
        (earlier.retinopathy === row.retinopathy && earlier.edema === row.edema);
      if (!agree && earlier.update === update) issues.push(describeConflict(earlier, row));
      else if (!agree) corrected.add(row.name);
      if (earlier === undefined || !agree) rows.set(row.key, { ...row, update });
    }
  }
  return {
    rows,
    bases: new Set(paths.flatMap((path) => annotationBase(path) ?? [])),
    issues,
    notes:
      corrected.size === 0
        ? []
        : [
            `Update files change ${countOf(corrected.size, 'annotation')}: ${shortList([...corrected])}.`,
          ],
  };
}

function describeConflict(earlier: AnnotationRow, row: AnnotationRow): Issue {
  const show = ({ retinopathy, edema }: AnnotationRow): string =>
    `retinopathy ${retinopathy}, edema ${edema}`;
  return {
    path: row.issuePath,
    message: `"${row.name}" has ${show(row)}, but ${show(earlier)} in ${earlier.issuePath}`,
    hint: 'remove the wrong one',
  };
}

/** Header names without case, spaces and punctuation, and the column indices if there is no such header. */
const COLUMNS = {
  name: ['imagename', 0],
  retinopathy: ['retinopathygrade', 2],
  edema: ['riskofmacularedema', 3],
} as const;

const isGrade = (cell: string | undefined): boolean => /^\d+(\.0+)?$/.test(cell ?? '');

/**
 * Reads an annotation file: image name, department, retinopathy grade (0 to 3), risk of macular edema (0 to 2), by the
 * names in the header if all are present, otherwise by their positions.
 */
async function readAnnotationFile(
  file: string,
): Promise<{ rows: AnnotationRow[]; issues: Issue[] }> {
  const table = await readTable(file);
  const header = (table[0]?.cells ?? []).map((cell) =>
    cell.toLowerCase().replaceAll(/[^a-z]/g, ''),
  );
  const named = Object.values(COLUMNS).every(([name]) => header.includes(name));
  const indexOf = ([name, index]: readonly [string, number]): number =>
    named ? header.indexOf(name) : index;
  const columns = {
    name: indexOf(COLUMNS.name),
    retinopathy: indexOf(COLUMNS.retinopathy),
    edema: indexOf(COLUMNS.edema),
  };
  const body = isGrade(table[0]?.cells[columns.retinopathy]) ? table : table.slice(1);
  const issues: Issue[] = [];
  const rows = body.flatMap((row) => readRow(row, { columns, file: basename(file), issues }));
  if (rows.length === 0 && issues.length === 0)
    issues.push({
      path: basename(file),
      message: 'contains no annotations',
      hint: 'a header and one line per image',
    });
  return { rows, issues };
}

interface RowContext {
  readonly columns: Readonly<Record<keyof typeof COLUMNS, number>>;
  readonly file: string;
  readonly issues: Issue[];
}

function readRow(
  { line, cells }: TableRow,
  { columns, file, issues }: RowContext,
): AnnotationRow[] {
  const path = `${file}:${line}`;
  const name = cells[columns.name] ?? '';
  const issuesBefore = issues.length;
  const readGrade = (
    column: number,
    { what, highest }: { what: string; highest: number },
  ): number => {
    const cell = cells[column];
    const value = Number(cell);
    if (!isGrade(cell) || value > highest)
      issues.push({
        path,
        message: `the ${what} of "${name}" is "${cell ?? ''}"`,
        hint: `0 to ${highest}`,
      });
    return value;
  };
  if (name === '') issues.push({ path, message: 'the image name is empty' });
  const retinopathy = readGrade(columns.retinopathy, { what: 'retinopathy grade', highest: 3 });
  const edema = readGrade(columns.edema, { what: 'risk of macular edema', highest: 2 });
  if (issues.length > issuesBefore) return [];
  return [{ key: imageKey(name), name, retinopathy, edema, issuePath: path }];
}
