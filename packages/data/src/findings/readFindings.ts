import { basename } from 'node:path';
import { InputError, type Issue, parseOptions, throwIssues, unknownName } from '@nonlocal-med/core';
import type { z } from 'zod';
import { isPlaceholder } from '../dataset/labelSpelling.js';
import { type Manifest, parseManifest } from '../dataset/readManifest.js';
import { countOf } from '../noteText.js';
import { type FindingOptions, findingOptionsSchema } from './findingOptions.js';

type Options = z.output<typeof findingOptionsSchema>;

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
  const table = await parseManifest(file);
  throwIssues(table.issues);
  const read = resolved.labelColumns === undefined ? readList : readColumns;
  const { findings, labels, notes } = read(table, { options: resolved, file: basename(file) });
  return {
    findings,
    columns: table.columns,
    rows: table.rows.map((row, i) => ({ ...row, findings: labels[i] })),
    notes: [...table.notes, ...notes, ...absenceNotes(findings, labels)],
  };
}

interface Context {
  readonly options: Options;
  /** Name of the table, for the paths of issues. */
  readonly file: string;
}

interface Labels {
  readonly findings: readonly string[];
  /** [rows, findings] */
  readonly labels: readonly (readonly number[])[];
  readonly notes: readonly string[];
}

const LABEL_OF = { ignore: -1, zeros: 0, ones: 1 } as const;

/** One column per finding. */
function readColumns({ columns, rows }: Manifest, { options, file }: Context): Labels {
  const { labelColumns: findings = [], labelColumn, uncertain, blank } = options;
  throwIssues([
    ...(labelColumn === undefined ? [] : [eitherIssue('both are given')]),
    ...(options.findings === undefined
      ? []
      : [
          {
            path: 'findings.findings',
            message: 'has no effect with labelColumns',
            hint: 'the columns are the findings, in their order',
          },
        ]),
    ...findings.flatMap((name, i): Issue[] => [
      ...columnIssues(name, columns, file),
      ...(findings.indexOf(name) < i
        ? [{ path: 'findings.labelColumns', message: `"${name}" is listed twice` }]
        : []),
    ]),
  ]);
  const issues: Issue[] = [];
  const count = { uncertain: 0, blank: 0 };
  const labels = rows.map(({ line, cells }) =>
    findings.map((name) => {
      const cell = cells[columns.indexOf(name)];
      if (cell === '' || isPlaceholder(cell)) {
        count.blank++;
        return LABEL_OF[blank];
      }
      const value = Number(cell);
      if (value === 0 || value === 1) return value;
      if (value === -1) count.uncertain++;
      else
        issues.push({
          path: `${file}:${line}`,
          message: `"${cell}" in column "${name}" is not a label`,
          hint: '1 present, 0 absent, -1 uncertain, or empty',
        });
      return LABEL_OF[uncertain];
    }),
  );
  throwIssues(issues);
  return {
    findings,
    labels,
    notes: [
      ...policyNote(countOf(count.uncertain, 'uncertain cell (-1)', 'uncertain cells (-1)'), {
        count: count.uncertain,
        policy: uncertain,
      }),
      ...policyNote(countOf(count.blank, 'blank cell'), { count: count.blank, policy: blank }),
    ],
  };
}

/** One column that lists the findings of each image. */
function readList({ columns, rows }: Manifest, { options, file }: Context): Labels {
  const { labelColumn, separator, noFinding, blank } = options;
  if (labelColumn === undefined) throw new InputError(eitherIssue('none is given'));
  throwIssues([
    ...columnIssues(labelColumn, columns, file),
    ...(blank === 'ones'
      ? [
          {
            path: 'findings.blank',
            message: 'got "ones", but a blank cell of a label column names no finding',
            hint: 'ignore or zeros',
          },
        ]
      : []),
  ]);
  const index = columns.indexOf(labelColumn);
  const lists = rows.map(({ line, cells }) => ({
    path: `${file}:${line}`,
    cell: cells[index],
    names: isPlaceholder(cells[index]) || cells[index] === '' ? [] : split(cells[index], separator),
  }));
  const occurring = [...new Set(lists.flatMap(({ names }) => names))]
    .filter((name) => name !== noFinding && name !== '')
    .sort();
  const findings = options.findings ?? occurring;
  throwIssues([
    ...lists.flatMap((list) => listIssues(list, { noFinding, known: findings })),
    ...letterCaseIssues(occurring, `${file}, column "${labelColumn}"`),
  ]);
  if (findings.length === 0)
    throw new InputError({
      path: `${file}, column "${labelColumn}"`,
      message: 'no row has a finding',
      hint: `labels such as "Effusion${separator}Mass"`,
    });
  const blanks = lists.filter(({ names }) => names.length === 0).length;
  return {
    findings,
    labels: lists.map(({ names }) =>
      findings.map((name) => (names.length === 0 ? LABEL_OF[blank] : names.includes(name) ? 1 : 0)),
    ),
    notes: policyNote(countOf(blanks, 'blank cell'), { count: blanks, policy: blank }),
  };
}

const split = (cell: string, separator: string): string[] =>
  cell.split(separator).map((name) => name.trim());

function listIssues(
  { path, cell, names }: { path: string; cell: string; names: readonly string[] },
  { noFinding, known }: { readonly noFinding: string; readonly known: readonly string[] },
): Issue[] {
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (names.includes(''))
    return [{ path, message: `"${cell}" lists an empty label`, hint: 'remove a separator' }];
  if (repeated !== undefined) return [{ path, message: `"${cell}" lists "${repeated}" twice` }];
  if (names.includes(noFinding) && names.length > 1)
    return [
      {
        path,
        message: `"${cell}" lists "${noFinding}" together with findings`,
        hint: 'only one of them',
      },
    ];
  return names
    .filter((name) => name !== noFinding && !known.includes(name))
    .map((name) => unknownName({ path, kind: 'finding', name, known: [...known, noFinding] }));
}

function letterCaseIssues(names: readonly string[], path: string): Issue[] {
  return names.flatMap((name, i): Issue[] => {
    const twin = names.slice(0, i).find((other) => other.toLowerCase() === name.toLowerCase());
    return twin === undefined
      ? []
      : [
          {
            path,
            message: `"${twin}" and "${name}" differ in letter case only`,
            hint: 'spell them alike',
          },
        ];
  });
}

function columnIssues(name: string, columns: readonly string[], file: string): Issue[] {
  return columns.includes(name)
    ? []
    : [unknownName({ path: `${file}:1`, kind: 'column', name, known: columns })];
}

const eitherIssue = (message: string): Issue => ({
  path: 'findings',
  message: `${message} of labelColumns and labelColumn`,
  hint: 'labelColumns for one column per finding, labelColumn for a column that lists them',
});

function policyNote(
  what: string,
  { count, policy }: { readonly count: number; readonly policy: Options['blank'] },
): string[] {
  const meaning = { ignore: 'not known', zeros: 'absent', ones: 'present' }[policy];
  return count === 0
    ? []
    : [`${what} ${count === 1 ? 'counts' : 'count'} as ${meaning} (${policy}).`];
}

function absenceNotes(
  findings: readonly string[],
  labels: readonly (readonly number[])[],
): string[] {
  const absent = findings.filter((_, f) => labels.every((row) => row[f] !== 1));
  return absent.length === 0
    ? []
    : [
        `No row has ${absent.map((name) => `"${name}"`).join(', ')}: nothing can be learned about ${absent.length === 1 ? 'it' : 'them'}.`,
      ];
}
