import { basename } from 'node:path';
import { InputError, type Issue } from '@nonlocal-med/core';
import { readTable } from '../../table/readTable.js';
import type { TableRow } from '../../table/table.js';
import { imageKey } from './imageKey.js';
import type { EyeGrades } from './medicalLabels.js';
import { messidor2Columns } from './messidor2Columns.js';

/** Messidor-2's adjudicated grades. */
export interface AdjudicatedGrades {
  /** By image key. */
  readonly rows: Map<string, Required<EyeGrades> & { readonly name: string }>;
  /** Names by image key. */
  readonly ungradable: Map<string, string>;
  readonly issues: Issue[];
}

/**
 * Reads the table of adjudicated grades; what is ungradable has no grade.
 * @throws InputError when it cannot be read or is another table.
 */
export async function readAdjudicatedGrades(file: string): Promise<AdjudicatedGrades> {
  const [header, ...body] = await readTable(file);
  const places = messidor2Columns(header?.cells ?? []);
  if (places === undefined)
    throw new InputError({
      path: file,
      message: `has the columns ${header?.cells.join(', ') ?? ''}`,
      hint: 'image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable',
    });
  const grades: AdjudicatedGrades = { rows: new Map(), ungradable: new Map(), issues: [] };
  for (const row of body) readGrade(row, { places, file: basename(file), grades });
  return grades;
}

function readGrade(
  { line, cells }: TableRow,
  {
    places,
    file,
    grades,
  }: {
    places: NonNullable<ReturnType<typeof messidor2Columns>>;
    file: string;
    grades: AdjudicatedGrades;
  },
): void {
  const [name, retinopathy, edema, gradable] = [
    cells[places.name],
    cells[places.retinopathy],
    cells[places.edema],
    cells[places.gradable],
  ];
  const [key, where] = [imageKey(name), `${file}:${line}`];
  if (/^0(\.0+)?$/.test(gradable ?? '')) grades.ungradable.set(key, name);
  else if (!/^[0-4](\.0+)?$/.test(retinopathy ?? '') || !/^[01](\.0+)?$/.test(edema ?? ''))
    grades.issues.push({
      path: where,
      message: `"${name}" has the grade "${retinopathy}" and the edema "${edema}"`,
      hint: 'grades 0 to 4, edema 0 or 1, unless adjudicated_gradable is 0',
    });
  else if (grades.rows.has(key))
    grades.issues.push({
      path: where,
      message: `"${name}" stands a second time`,
      hint: 'one line an image',
    });
  else grades.rows.set(key, { name, retinopathy: Number(retinopathy), edema: Number(edema) });
}
