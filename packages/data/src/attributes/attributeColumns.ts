import { attributeKey, findAttribute, type Issue, unknownName } from '@nonlocal-med/core';

/** Columns that are kept without being asked for, by {@link attributeKey}: common subgroups that identify nobody. */
const RECOGNIZED: readonly string[] = [
  'sex',
  'age',
  'scanner',
  'scannermodel',
  'manufacturer',
  'vendor',
  'modality',
  'view',
  'viewposition',
];

/** Words that only columns about a single person, place of living or day have. */
const IDENTIFYING_WORDS: readonly string[] = [
  ...['birth', 'birthdate', 'birthday', 'dob', 'born', 'date', 'mrn', 'ssn', 'uid', 'accession'],
  ...['surname', 'forename', 'firstname', 'lastname', 'address', 'street', 'zip', 'zipcode'],
  ...['postcode', 'phone', 'telephone', 'email', 'physician', 'doctor'],
];

/** Words of which one, with one of {@link LABELS_OF_ONE} at the end, names one person or examination: "study number". */
const ONE_OF_MANY: readonly string[] = [
  ...['patient', 'subject', 'person', 'participant', 'study', 'case', 'exam', 'examination'],
  ...['image', 'file', 'series', 'record', 'visit', 'first', 'last', 'family', 'given', 'full'],
];
const LABELS_OF_ONE: readonly string[] = ['id', 'name', 'identifier', 'number', 'no', 'nr', 'code'];

/** The columns of a manifest that are kept with images. */
export interface AttributeColumns {
  /** Indices of columns. */
  readonly kept: readonly number[];
  /** Names that may be requested. */
  readonly names: readonly string[];
}

/**
 * Chooses the columns of a manifest that are kept with each image, so that results can be reported by them: those that are
 * requested, or else those whose names are recognized. A column whose name says that it identifies somebody is never kept.
 * @param columns names of the manifest's columns
 * @param options.wanted names that were requested
 * @param options.taken indices of the columns with the image, its label and so on
 */
export function chooseAttributes(
  columns: readonly string[],
  {
    wanted,
    taken,
  }: { readonly wanted: readonly string[] | undefined; readonly taken: readonly number[] },
): AttributeColumns {
  const free = columns.filter((name, index) => name !== '' && !taken.includes(index));
  const names = free.filter((name) => !isIdentifying(name));
  const kept =
    wanted === undefined
      ? names.filter((name) => RECOGNIZED.includes(attributeKey(name)))
      : wanted.flatMap((name) => findAttribute(name, names) ?? []);
  return { kept: kept.map((name) => columns.indexOf(name)), names };
}

/** Whether the name of a column says that its values identify a person or an examination. */
function isIdentifying(column: string): boolean {
  const words = column
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  return (
    words.some((word) => IDENTIFYING_WORDS.includes(word)) ||
    ['patient', 'subject', 'id', 'name', 'identifier'].includes(words.join(' ')) ||
    (LABELS_OF_ONE.includes(last) && words.some((word) => ONE_OF_MANY.includes(word)))
  );
}

/** The issue of a column that is requested although its name or its values identify somebody. */
export const identifyingIssue = (column: string): Issue => ({
  path: 'data.attributes',
  message: `"${column}" may identify patients, and attributes are kept in the run folder`,
  hint: 'columns with few values, such as sex, age or scanner',
});

/** The issue of an attribute that was requested, but cannot be kept: it may identify patients, or does not exist. */
export function unavailableAttribute(name: string, known: readonly string[]): Issue {
  if (isIdentifying(name)) return identifyingIssue(name);
  const issue = unknownName({ path: 'data.attributes', kind: 'attribute', name, known });
  return known.length > 0
    ? issue
    : {
        ...issue,
        hint: 'attributes are columns of a CSV or Excel manifest, or those of DICOM files; this data set has neither',
      };
}
