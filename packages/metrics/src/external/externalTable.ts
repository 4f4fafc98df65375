import type { CsvRecord } from '@nonlocal-med/core';
import { columnsOf, isNamed, nameKey, readExternalColumns, truthNames } from './externalColumns.js';

/** What the columns of a file of predictions contain, by their positions. */
export type ColumnMeaning =
  /** One probability per class, in the order of the classes. */
  | { readonly kind: 'probabilities'; readonly columns: readonly number[] }
  /** The probability of one of two classes. */
  | { readonly kind: 'score'; readonly column: number; readonly classIndex: number }
  /** Decisions: one column per reader, each with its name. */
  | { readonly kind: 'decisions'; readonly columns: readonly DecisionColumn[] };

interface DecisionColumn {
  readonly column: number;
  readonly name: string;
}

/** A CSV of predictions that were made elsewhere. */
export interface ExternalTable {
  /** What errors call the file. */
  readonly path: string;
  readonly records: readonly CsvRecord[];
  readonly id: number;
  /** Whether images are named by the SHA-256 of their files. */
  readonly byContent: boolean;
  readonly truth?: number;
  readonly meaning: ColumnMeaning;
  /** The class that a value names; -1 for none. */
  readonly classOf: (value: string) => number;
  readonly notes: readonly string[];
}

const scoreNames = 'probability prob p score y_score y_prob predicted_probability malignancy';

/**
 * Reads a CSV of predictions made elsewhere and finds out what its columns are: an image, its true class if there is one,
 * and either a probability for each class, one probability for two classes, or decisions of one or several readers.
 * @param classes names of the classes that are predicted
 * @throws InputError with the line, if the text is not CSV or its columns are not understood
 */
export function readExternalTable(
  text: string,
  { path, classes }: { readonly path: string; readonly classes: readonly string[] },
): ExternalTable {
  const columns = readExternalColumns(text, path);
  const { titles, records, id, byContent, others: rest, refuse } = columns;
  const classOf = classReader(classes);
  const probabilities = columnsOf(classes, columns);
  const values = (column: number): string[] =>
    records.map(({ fields }) => fields[column]?.trim() ?? '').filter((value) => value !== '');
  const isDecision = (column: number): boolean =>
    values(column).length > 0 && values(column).every((value) => classOf(value) >= 0);
  const isCode = (column: number): boolean =>
    values(column).length > 0 &&
    values(column).every((value) => /^\d+$/.test(value) && Number(value) < classes.length);
  const truths = rest.filter((i) => isNamed(truthNames, titles[i]));
  const others = rest.filter((i) => !truths.includes(i));
  const meaningOf = (columns: readonly number[]): ColumnMeaning | undefined => {
    const scores = columns.filter((i) => probabilities.includes(i));
    if (scores.length === classes.length) return { kind: 'probabilities', columns: probabilities };
    const score = scores[0] ?? columns.find((i) => isNamed(scoreNames, titles[i]));
    if (score !== undefined) {
      if (classes.length !== 2)
        refuse(
          `one probability per image ("${titles[score]}"), but there are ${classes.length} classes`,
          `a column for each class: ${classes.join(', ')}; or a column with the predicted class`,
        );
      const classIndex = probabilities.indexOf(score);
      return { kind: 'score', column: score, classIndex: classIndex < 0 ? 1 : classIndex };
    }
    const decisions = columns.filter(isDecision);
    const coded = decisions.length > 0 ? decisions : columns.filter(isCode);
    if (coded.length === 0) return undefined;
    return {
      kind: 'decisions',
      columns: coded.map((column) => ({ column, name: titles[column] })),
    };
  };
  const ofOthers = meaningOf(others);
  const meaning =
    ofOthers ??
    meaningOf(truths) ??
    refuse(
      `no column contains predictions; the columns are ${titles.join(', ')}`,
      `probabilities in columns ${classes.join(', ')}, one column "probability" for two classes, or predicted classes (${classes.join(', ')})`,
    );
  const isCoded = meaning.kind === 'decisions' && !isDecision(meaning.columns[0].column);
  const used = usedColumns(meaning);
  const ignored = others.filter((i) => !used.includes(i));
  const truth = ofOthers === undefined ? undefined : truths[0];
  return {
    path,
    records,
    id,
    byContent,
    truth,
    meaning,
    classOf: isCoded ? (value) => (/^\d+$/.test(value) ? Number(value) : -1) : classOf,
    notes: [
      ...(meaning.kind === 'score'
        ? [
            `"${titles[meaning.column]}" is taken for the probability of "${classes[meaning.classIndex]}".`,
          ]
        : []),
      ...(isCoded
        ? [
            `Numbers are taken for classes in their order: ${classes.map((name, i) => `${i} ${name}`).join(', ')}.`,
          ]
        : []),
      ...(ignored.length > 0
        ? [`Columns that are not used: ${ignored.map((i) => titles[i]).join(', ')}.`]
        : []),
    ],
  };
}

function usedColumns(meaning: ColumnMeaning): readonly number[] {
  if (meaning.kind === 'score') return [meaning.column];
  return meaning.kind === 'probabilities'
    ? meaning.columns
    : meaning.columns.map(({ column }) => column);
}

/** Finds the class that a text names: exactly, else in another spelling, if only one is. */
function classReader(classes: readonly string[]): (value: string) => number {
  const exact = new Map(classes.map((name, i) => [name, i]));
  const keys = classes.map(nameKey);
  return (value) => {
    const text = value.trim();
    const found = exact.get(text);
    if (found !== undefined) return found;
    const key = nameKey(text);
    return keys.indexOf(key) === keys.lastIndexOf(key) ? keys.indexOf(key) : -1;
  };
}
