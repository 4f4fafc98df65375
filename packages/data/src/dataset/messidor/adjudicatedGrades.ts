import { basename } from 'node:path';
import { InputError, type Issue } from '@nonlocal-med/core';
import type { TableRow } from '../../table/csvRows.js';
import { readTable } from '../../table/readTable.js';
import type { EyeGrades } from './eyeLabels.js';
import { imageKey } from './imageKeys.js';

/** Messidor-2's adjudicated grades. */
export interface AdjudicatedGrades {
  /** By image key. */
  readonly rows: Map<string, Required<EyeGrades> & { readonly name: string }>;
  /** Names of ungradable images by image key. */
  readonly ungradable: Map<string, string>;
  readonly issues: Issue[];
}

/** Column names as published, and in the copy that uses APTOS's names. */
const COLUMNS = {
  name: ['image_id', 'id_code'],
  retinopathy: ['adjudicated_dr_grade', 'diagnosis'],
  edema: ['adjudicated_dme'],
  gradable: ['adjudicated_gradable'],
} as const;

type Columns = Readonly<Record<keyof typeof COLUMNS, number>>;

/** The indices of the columns of Messidor-2's adjudicated grades in a header; undefined if it is another table. */
export function messidor2Columns(header: readonly string[]): Columns | undefined {
  const indexOf = (names: readonly string[]): number =>
    header.findIndex((cell) => names.includes(cell.toLowerCase()));
  const columns = {
    name: indexOf(COLUMNS.name),
    retinopathy: indexOf(COLUMNS.retinopathy),
    edema: indexOf(COLUMNS.edema),
    gradable: indexOf(COLUMNS.gradable),
  };
  return Object.values(columns).every((index) => index >= 0) ? columns : undefined;
}

/**
 * Reads the table of adjudicated grades; ungradable images have no grade.
 *
 * @throws InputError if it cannot be read or is another table
 */
export async function readAdjudicatedGrades(file: string): Promise<AdjudicatedGrades> {
  const [header, ...body] = await readTable(file);
  const columns = messidor2Columns(header?.cells ?? []);
  if (columns === undefined)
    throw new InputError({
      path: file,
      message: `has the columns ${header?.cells.join(', ') ?? ''}`,
      hint: 'image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable',
    });
  const grades: AdjudicatedGrades = { rows: new Map(), ungradable: new Map(), issues: [] };
  for (const row of body) addGrade(row, { columns, file: basename(file), grades });
  return grades;
}

interface RowContext {
  readonly columns: Columns;
  readonly file: string;
  readonly grades: AdjudicatedGrades;
}

function addGrade({ line, cells }: TableRow, { columns, file, grades }: RowContext): void {
  // Rows that end early have empty cells.
  const [name, retinopathy, edema, gradable] = [
    columns.name,
    columns.retinopathy,
    columns.edema,
    columns.gradable,
  ].map((column) => cells[column] ?? '');
  const key = imageKey(name);
  const path = `${file}:${line}`;
  if (name === '')
    grades.issues.push({ path, message: 'no image is given', hint: 'one image per line' });
  else if (/^0(\.0+)?$/.test(gradable)) grades.ungradable.set(key, name);
  else if (!/^[0-4](\.0+)?$/.test(retinopathy) || !/^[01](\.0+)?$/.test(edema))
    grades.issues.push({
      path,
      message: `"${name}" has the grade "${retinopathy}" and the edema "${edema}"`,
      hint: 'grades 0 to 4, edema 0 or 1, unless adjudicated_gradable is 0',
    });
  else if (grades.rows.has(key))
    grades.issues.push({
      path,
      message: `"${name}" is listed twice`,
      hint: 'one line per image',
    });
  else grades.rows.set(key, { name, retinopathy: Number(retinopathy), edema: Number(edema) });
}
