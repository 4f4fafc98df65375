import { basename } from 'node:path';
import { InputError, type Issue, parseOptions, throwIssues, unknownName } from '@nonlocal-med/core';
import { parseManifest } from '../dataset/readManifest.js';
import {
  absenceNotes,
  type FindingCells,
  readColumnLabels,
  readListLabels,
} from './findingLabels.js';
import { findingConflicts, type FindingOptions, findingOptionsSchema } from './findingOptions.js';

/** The findings of each row of a table. */
export interface FindingTable {
  readonly findings: readonly string[];
  /** All columns of the table, for the image, the patient and what else it says. */
  readonly columns: readonly string[];
  readonly rows: readonly FindingRow[];
  /** What uncertain and blank cells were counted as, and findings without a positive row, one sentence each. */
  readonly notes: readonly string[];
}

/** A row of a table with its findings. */
export interface FindingRow {
  /** Line or row in the file, from 1. */
  readonly line: number;
  /** Text by column, [columns]. */
  readonly cells: readonly string[];
  /** 1 present, 0 absent, -1 not known, [findings]. */
  readonly findings: readonly number[];
}

/**
 * Reads the findings of images from a CSV or Excel table: one column per finding (`labelColumns`, as CheXpert), or one column
 * that lists them (`labelColumn`, as "Finding Labels" of ChestX-ray14). Uncertain (-1) and blank cells are not known unless
 * `uncertain` and `blank` say otherwise: CheXpert's policies U-Ignore, U-Zeros and U-Ones (Irvin et al. 2019). A blank cell
 * of a `labelColumn` is an image whose findings are all not known, or with `zeros` one without any.
 *
 * @param file .csv, .xls or .xlsx with a header
 * @param options those of `findingOptionsSchema`
 * @throws InputError if the table or an option cannot be used; lists every cell that is not a label with its line and value
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { readFindings } from '@nonlocal-med/data';
 *
 * await writeFile('labels.csv', 'Image Index,Finding Labels\na.png,Effusion|Mass\nb.png,No Finding\n');
 * const { findings, rows } = await readFindings('labels.csv', { labelColumn: 'Finding Labels' });
 * console.log(findings.join(', ')); // Effusion, Mass
 * console.log(rows.map((row) => `${row.cells[0]}: ${row.findings.join(' ')}`).join('; ')); // a.png: 1 1; b.png: 0 0
 * ```
 */
export async function readFindings(file: string, options: FindingOptions): Promise<FindingTable> {
  const resolved = parseOptions(findingOptionsSchema, options, 'findings');
  const { labelColumns, labelColumn } = resolved;
  const names = labelColumns ?? (labelColumn === undefined ? [] : [labelColumn]);
  if (names.length === 0 || (labelColumns !== undefined && labelColumn !== undefined))
    throw new InputError({
      path: 'findings',
      message: `${names.length === 0 ? 'none is' : 'both are'} given of labelColumns and labelColumn`,
      hint: 'labelColumns for one column per finding, labelColumn for a column that lists them',
    });
  const form = labelColumns === undefined ? 'list' : 'columns';
  const conflicts = findingConflicts(resolved, form);
  throwIssues(conflicts.map(({ option, ...issue }) => ({ ...issue, path: `findings.${option}` })));
  const { columns, rows, issues, notes } = await parseManifest(file);
  const name = basename(file);
  throwIssues([...issues, ...names.flatMap((column) => columnIssues(column, columns, name))]);
  const cells = rows.map((row): FindingCells => ({
    path: `${name}:${row.line}`,
    cells: names.map((column) => row.cells[columns.indexOf(column)]),
  }));
  const read =
    form === 'columns'
      ? readColumnLabels(cells, { ...resolved, findings: names })
      : readListLabels(cells, {
          ...resolved,
          known: resolved.findings,
          column: `${name}, column "${names[0]}"`,
        });
  throwIssues(read.issues);
  return {
    findings: read.findings,
    columns,
    rows: rows.map((row, i) => ({ ...row, findings: read.labels[i] })),
    notes: [...notes, ...read.notes, ...absenceNotes(read.findings, read.labels)],
  };
}

function columnIssues(name: string, columns: readonly string[], file: string): Issue[] {
  return columns.includes(name)
    ? []
    : [unknownName({ path: `${file}:1`, kind: 'column', name, known: columns })];
}
