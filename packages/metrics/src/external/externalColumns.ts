/** What files of predictions that were made elsewhere have in common. */
import { type CsvRecord, InputError, parseCsv } from '@nonlocal-med/core';

/** The columns of a CSV of predictions that was made elsewhere. */
export interface ExternalColumns {
  /** What errors call the file. */
  readonly path: string;
  /** Of the columns, without spaces around them. */
  readonly titles: readonly string[];
  readonly records: readonly CsvRecord[];
  /** The column that names the images. */
  readonly id: number;
  /** Whether images are named by the SHA-256 of their files. */
  readonly byContent: boolean;
  /** The other columns. */
  readonly others: readonly number[];
  /** An error about the columns, with the line of the header. */
  readonly refuse: (message: string, hint: string) => never;
}

const idNames =
  'id image image_id imageid image_name image_path image_file file filename file_name file_path filepath path name';
const contentNames = 'sha256 sha-256 sha_256 hash content content_hash';
/** Titles of a column of true classes. */
export const truthNames =
  'truth true true_class true_label ground_truth groundtruth gt reference target y_true label';

/** Whether the title of a column is one of some names, in any letter case. */
export const isNamed = (names: string, title: string): boolean =>
  names.split(' ').includes(title.trim().toLowerCase().replaceAll(/\s+/g, '_'));

/**
 * Reads a CSV of predictions made elsewhere and finds the column that names the images. Delimiters are commas, semicolons
 * (then with decimal commas) or tabs.
 * @throws InputError with the line, if the text is not CSV or no column names the images
 */
export function readExternalColumns(text: string, path: string): ExternalColumns {
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
  return {
    path,
    titles,
    records,
    id,
    byContent:
      contents >= 0 ||
      (records.length > 0 &&
        records.every(({ fields }) => /^[0-9a-f]{64}$/i.test(fields[id] ?? ''))),
    others: [...titles.keys()].filter((i) => i !== id && i !== named),
    refuse,
  };
}

/**
 * The column of each class or finding: under its name, else in another letter case or with a word for its probability
 * (`p_some`, `P(some)`); -1 for none.
 */
export function columnsOf(
  names: readonly string[],
  { titles, others }: Pick<ExternalColumns, 'titles' | 'others'>,
): number[] {
  return names.map(
    (name) =>
      others.find((i) => titles[i] === name) ??
      others.find((i) => nameKey(withoutPrefix(titles[i])) === nameKey(name)) ??
      -1,
  );
}

/** A class or finding as it may be spelled elsewhere: in another letter case, or as the same number. */
export function nameKey(name: string): string {
  const text = name.normalize('NFC').trim().toLowerCase();
  return /^[+-]?\d+(?:\.\d*)?$/.test(text) ? String(Number(text) + 0) : text;
}

/** `p_some`, `prob some`, `score(some)`: a class with a word for its probability. */
const withoutPrefix = (title: string): string =>
  title.replace(/^(?:p|prob|probability|score)[\s_:.(]+(.+?)\)?$/i, '$1');
