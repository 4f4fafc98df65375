import { basename } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import { readTable } from '../../table/readTable.js';
import type { TableRow } from '../../table/table.js';
import { imageKey } from './imageKey.js';
import type { EyeGrades } from './medicalLabels.js';

/** One line of an annotation file. */
export interface AnnotationRow extends Required<EyeGrades> {
  readonly key: string;
  /** The image's name as it stands there. */
  readonly name: string;
  /** File and line, for messages. */
  readonly where: string;
}

/** Header names without case, blanks and signs, and the columns' places where there is no such header. */
const COLUMNS = {
  name: ['imagename', 0],
  retinopathy: ['retinopathygrade', 2],
  edema: ['riskofmacularedema', 3],
} as const;

const isGrade = (cell: string | undefined): boolean => /^\d+(\.0+)?$/.test(cell ?? '');

/**
 * Reads an annotation file of MESSIDOR: image name, department, retinopathy grade (0 to 3), risk of macular edema (0 to
 * 2), by the names in the header where all are there, else by their places.
 * @throws InputError when the file cannot be read.
 */
export async function readAnnotation(
  file: string,
): Promise<{ rows: AnnotationRow[]; issues: Issue[] }> {
  const table = await readTable(file);
  const names = (table[0]?.cells ?? []).map((cell) => cell.toLowerCase().replaceAll(/[^a-z]/g, ''));
  const named = Object.values(COLUMNS).every(([name]) => names.includes(name));
  const column = ([name, place]: readonly [string, number]): number =>
    named ? names.indexOf(name) : place;
  const places = {
    name: column(COLUMNS.name),
    retinopathy: column(COLUMNS.retinopathy),
    edema: column(COLUMNS.edema),
  };
  const body = isGrade(table[0]?.cells[places.retinopathy]) ? table : table.slice(1);
  const issues: Issue[] = [];
  const rows = body.flatMap((row) => readRow(row, { places, file: basename(file), issues }));
  if (rows.length === 0 && issues.length === 0)
    issues.push({
      path: basename(file),
      message: 'holds no annotations',
      hint: 'a header and one line an image',
    });
  return { rows, issues };
}

interface RowContext {
  readonly places: Readonly<Record<keyof typeof COLUMNS, number>>;
  readonly file: string;
  readonly issues: Issue[];
}

function readRow({ line, cells }: TableRow, { places, file, issues }: RowContext): AnnotationRow[] {
  const where = `${file}:${line}`;
  const name = cells[places.name] ?? '';
  const before = issues.length;
  const grade = (place: number, { what, most }: { what: string; most: number }): number => {
    const value = Number(cells[place]);
    if (!isGrade(cells[place]) || value > most)
      issues.push({
        path: where,
        message: `the ${what} of "${name}" is "${cells[place] ?? ''}"`,
        hint: `0 to ${most}`,
      });
    return value;
  };
  if (name === '') issues.push({ path: where, message: 'the image name is empty' });
  const retinopathy = grade(places.retinopathy, { what: 'retinopathy grade', most: 3 });
  const edema = grade(places.edema, { what: 'risk of macular edema', most: 2 });
  return issues.length > before ? [] : [{ key: imageKey(name), name, retinopathy, edema, where }];
}
