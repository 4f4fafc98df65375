import { type Issue, unknownName } from '@nonlocal-med/core';
import { isPlaceholder } from '../dataset/labelSpelling.js';
import { countOf } from '../noteText.js';
import type { FindingOptions } from './findingOptions.js';

/** What a table says of one image. */
export interface FindingCells {
  /** Of issues: "labels.csv:3". */
  readonly path: string;
  /** One cell per finding, or one that lists them. */
  readonly cells: readonly string[];
}

/** Labels of several findings per image, with what was wrong or decided. */
export interface FindingLabels {
  readonly findings: readonly string[];
  /** 1 present, 0 absent, -1 not known, [images][findings]. */
  readonly labels: readonly (readonly number[])[];
  readonly issues: readonly Issue[];
  /** What uncertain and blank cells were counted as, one sentence each. */
  readonly notes: readonly string[];
}

type Policy = NonNullable<FindingOptions['blank']>;

const LABEL_OF = { ignore: -1, zeros: 0, ones: 1 } as const;

/** Reads one column per finding: 1 present, 0 absent, -1 uncertain, or nothing. */
export function readColumnLabels(
  images: readonly FindingCells[],
  {
    findings,
    uncertain = 'ignore',
    blank = 'ignore',
  }: {
    readonly findings: readonly string[];
    readonly uncertain?: Policy;
    readonly blank?: Policy;
  },
): FindingLabels {
  const issues: Issue[] = [];
  const count = { uncertain: 0, blank: 0 };
  const labels = images.map(({ path, cells }) =>
    cells.map((cell, f) => {
      if (cell === '' || isPlaceholder(cell)) {
        count.blank++;
        return LABEL_OF[blank];
      }
      const value = Number(cell);
      if (value === 0 || value === 1) return value;
      if (value === -1) count.uncertain++;
      else
        issues.push({
          path,
          message: `"${cell}" in column "${findings[f]}" is not a label`,
          hint: '1 present, 0 absent, -1 uncertain, or empty',
        });
      return LABEL_OF[uncertain];
    }),
  );
  return {
    findings,
    labels,
    issues,
    notes: [
      ...policyNote(countOf(count.uncertain, 'uncertain cell (-1)', 'uncertain cells (-1)'), {
        count: count.uncertain,
        policy: uncertain,
      }),
      ...policyNote(countOf(count.blank, 'blank cell'), { count: count.blank, policy: blank }),
    ],
  };
}

/** How a column lists findings. */
interface FindingList {
  readonly labelSeparator?: string;
  readonly noFinding?: string;
  readonly blank?: Policy;
  /** The findings that may occur, in their order; default: those that do, in alphabetical order. */
  readonly known?: readonly string[];
  /** What the column is called in issues: 'labels.csv, column "Finding Labels"'. */
  readonly column: string;
}

/** Reads a column that lists the findings of each image, such as "Effusion|Mass". */
export function readListLabels(
  images: readonly FindingCells[],
  { labelSeparator = '|', noFinding = 'No Finding', blank = 'ignore', known, column }: FindingList,
): FindingLabels {
  const lists = images.map(({ path, cells: [cell] }) => ({
    path,
    cell,
    names: isPlaceholder(cell) || cell === '' ? [] : splitList(cell, labelSeparator),
  }));
  const occurring = [...new Set(lists.flatMap(({ names }) => names))]
    .filter((name) => name !== noFinding && name !== '')
    .sort();
  const findings = known ?? occurring;
  const blanks = lists.filter(({ names }) => names.length === 0).length;
  return {
    findings,
    labels: lists.map(({ names }) =>
      findings.map((name) => (names.length === 0 ? LABEL_OF[blank] : names.includes(name) ? 1 : 0)),
    ),
    issues: [
      ...lists.flatMap((list) => listIssues(list, { noFinding, known: findings })),
      ...letterCaseIssues(occurring, column),
      ...(findings.length > 0
        ? []
        : [
            {
              path: column,
              message: 'no row has a finding',
              hint: `labels such as "Effusion${labelSeparator}Mass"`,
            },
          ]),
    ],
    notes: policyNote(countOf(blanks, 'blank cell'), { count: blanks, policy: blank }),
  };
}

const splitList = (cell: string, separator: string): string[] =>
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

function policyNote(
  what: string,
  { count, policy }: { readonly count: number; readonly policy: Policy },
): string[] {
  const meaning = { ignore: 'not known', zeros: 'absent', ones: 'present' }[policy];
  return count === 0
    ? []
    : [`${what} ${count === 1 ? 'counts' : 'count'} as ${meaning} (${policy}).`];
}

/** Findings that no image has, as a sentence. */
export function absenceNotes(
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

/**
 * The findings of an image in words: "Effusion, Mass", "no finding", "Effusion; not known: Mass". Equal labels, and only
 * they, give equal texts.
 */
export function findingsText(labels: readonly number[], findings: readonly string[]): string {
  const named = (label: number): string[] => findings.filter((_, f) => labels[f] === label);
  const [present, unknown] = [named(1), named(-1)];
  const found =
    present.length > 0
      ? present.join(', ')
      : unknown.length === findings.length
        ? ''
        : unknown.length === 0
          ? 'no finding'
          : 'no known finding';
  return [
    ...(found === '' ? [] : [found]),
    ...(unknown.length === 0 ? [] : [`not known: ${unknown.join(', ')}`]),
  ].join('; ');
}
