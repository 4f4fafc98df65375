import { type CsvRecord, InputError, parseCsv } from '@nonlocal-med/core';

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
  classOf(value: string): number;
  readonly notes: readonly string[];
}

const idNames =
  'id image image_id imageid image_name image_path image_file file filename file_name file_path filepath path name';
const contentNames = 'sha256 sha-256 sha_256 hash content content_hash';
const truthNames =
  'truth true true_class true_label ground_truth groundtruth gt reference target y_true label';
const scoreNames = 'probability prob p score y_score y_prob predicted_probability malignancy';
const isNamed = (names: string, title: string): boolean =>
  names.split(' ').includes(title.trim().toLowerCase().replaceAll(/\s+/g, '_'));

/**
 * Reads a CSV of predictions made elsewhere and finds out what its columns are: an image, its true class if there is one,
 * and either a probability for each class, one probability for two classes, or decisions of one or several readers.
 * Delimiters are commas, semicolons (then with decimal commas) or tabs.
 * @param classes names of the classes that are predicted
 * @throws InputError with the line, if the text is not CSV or its columns are not understood
 */
export function readExternalTable(
  text: string,
  { path, classes }: { readonly path: string; readonly classes: readonly string[] },
): ExternalTable {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = ([';', '\t'] as const).find((mark) => firstLine.includes(mark)) ?? ',';
  const [header, ...records] = parseCsv(text, { path, delimiter });
  const titles = header?.fields.map((title) => title.trim()) ?? [];
  const refuse = (message: string, hint: string): never => {
    throw new InputError({ path: `${path}:${header?.line ?? 1}`, message, hint });
  };
  const contents = titles.findIndex((title) => isNamed(contentNames, title));
  const named = titles.findIndex((title) => isNamed(idNames, title));
  const id = contents >= 0 ? contents : named;
  if (id < 0)
    refuse(
      `no column names the images; the columns are ${titles.join(', ') || 'missing'}`,
      'a column "id" with the names of the images, or "sha256" with the hashes of their files',
    );
  const rest = [...titles.keys()].filter((i) => i !== id && i !== named);
  const classOf = classReader(classes);
  const probabilities = classes.map(
    (name) =>
      rest.find((i) => titles[i] === name) ??
      rest.find((i) => classKey(withoutPrefix(titles[i])) === classKey(name)) ??
      -1,
  );
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
    byContent:
      contents >= 0 ||
      (records.length > 0 &&
        records.every(({ fields }) => /^[0-9a-f]{64}$/i.test(fields[id] ?? ''))),
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

/** A class as it may be spelled elsewhere: in another letter case, or as the same number. */
function classKey(name: string): string {
  const text = name.normalize('NFC').trim().toLowerCase();
  return /^[+-]?\d+(?:\.\d*)?$/.test(text) ? String(Number(text) + 0) : text;
}

/** `p_some`, `prob some`, `score(some)`: a class with a word for its probability. */
const withoutPrefix = (title: string): string =>
  title.replace(/^(?:p|prob|probability|score)[\s_:.(]+(.+?)\)?$/i, '$1');

/** Finds the class that a text names: exactly, else in another spelling, if only one is. */
function classReader(classes: readonly string[]): (value: string) => number {
  const exact = new Map(classes.map((name, i) => [name, i]));
  const keys = classes.map(classKey);
  return (value) => {
    const text = value.trim();
    const found = exact.get(text);
    if (found !== undefined) return found;
    const key = classKey(text);
    return keys.indexOf(key) === keys.lastIndexOf(key) ? keys.indexOf(key) : -1;
  };
}
