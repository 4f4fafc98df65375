/** Predictions of several findings per image that were made elsewhere. */
import type { FindingPredictions, Issue } from '@nonlocal-med/core';
import {
  columnsOf,
  type ExternalColumns,
  nameKey,
  readExternalColumns,
} from './externalColumns.js';
import type { ExternalFile, ExternalPart, ExternalReference } from './externalPredictions.js';
import { matchImages } from './matchImages.js';
import { fileName } from './readerNotes.js';
import type { Reader } from './readers.js';

/** What a decision about a finding, or its truth, may be written as. */
const [PRESENT, ABSENT] = [
  ['1', '1.0', 'yes', 'present', 'positive', 'true'],
  ['0', '0.0', 'no', 'absent', 'negative', 'false'],
];
const UNKNOWN = ['', '-1', '-1.0'];

/** 1 present, 0 absent, -1 not known; undefined for any other text. */
function callOf(text: string): number | undefined {
  const value = text.toLowerCase();
  if (PRESENT.includes(value)) return 1;
  if (ABSENT.includes(value)) return 0;
  return UNKNOWN.includes(value) ? -1 : undefined;
}

/** `truth:mass`, `label_mass`: a finding with a word for its truth. */
const TRUTH =
  /^(?:truth|true|label|gt|ground[\s_]?truth|reference|target|y_true)[\s_:.(]+(.+?)\)?$/i;

/**
 * Reads a file of predictions for the test images of a run: one column per finding with its probability, or with the calls
 * of one reader (1 or 0, yes or no, present or absent).
 * @param predictions of the run
 * @param issues receives every line that cannot be used
 * @throws InputError if a finding has no column, or none of the images is a test image
 */
export function readFindings(
  { path, text }: ExternalFile,
  { predictions, ...reference }: ExternalReference & { readonly predictions: FindingPredictions },
  issues: Issue[],
): ExternalPart {
  const columns = readExternalColumns(text, path);
  const { titles, records, others, refuse } = columns;
  const { findings } = predictions;
  const found = columnsOf(findings, columns);
  const lacking = findings.filter((_, f) => found[f] < 0);
  if (lacking.length > 0)
    refuse(
      `no column for ${lacking.map((finding) => `"${finding}"`).join(', ')}; the columns are ${titles.join(', ')}`,
      `a column for each finding: ${findings.join(', ')}`,
    );
  const { rows, additional, notes } = matchImages(columns, { predictions, ...reference }, issues);
  const truths = findings
    .map((finding) =>
      others.findIndex((i) => nameKey(TRUTH.exec(titles[i])?.[1] ?? '') === nameKey(finding)),
    )
    .map((position) => (position < 0 ? -1 : others[position]));
  const context = { columns, rows, predictions, issues };
  checkTruth(context, truths, reference.name);
  const calls = records.flatMap(({ fields }) =>
    found.map((column) => callOf(fields[column]?.trim() ?? '')),
  );
  const isDecisions = !calls.includes(undefined) && calls.some((call) => call !== -1);
  const ignored = others.filter((i) => !found.includes(i) && !truths.includes(i));
  return {
    path,
    rows,
    additional,
    ...(isDecisions
      ? { readers: [readCalls(context, found, fileName(path))] }
      : { probabilities: readProbabilities(context, found), readers: [] }),
    notes: [
      ...(ignored.length > 0
        ? [`Columns that are not used: ${ignored.map((i) => titles[i]).join(', ')}.`]
        : []),
      ...notes,
    ],
  };
}

interface Context {
  readonly columns: ExternalColumns;
  /** Record of each image, by its index in the run. */
  readonly rows: Map<number, number>;
  readonly predictions: FindingPredictions;
  readonly issues: Issue[];
}

/** Compares the true findings of a file, if it has some, with those of the run. */
function checkTruth(
  { columns: { path, records, id }, rows, predictions: { findings, labels }, issues }: Context,
  truths: readonly number[],
  name: string,
): void {
  for (const [image, record] of rows) {
    const { line, fields } = records[record];
    truths.forEach((column, f) => {
      const text = column < 0 ? '' : (fields[column]?.trim() ?? '');
      const [found, expected] = [callOf(text), labels[image * findings.length + f]];
      if (found === expected || found === -1 || expected < 0) return;
      issues.push({
        path: `${path}:${line}`,
        message: `the truth of "${findings[f]}" in "${fields[id].trim()}" is "${text}", but ${expected} in ${name}`,
        hint: 'the same images with the same findings: 1 present, 0 absent, empty if not known',
      });
    });
  }
}

/** Probabilities for the images of the run. Rows without any value count as missing images. */
function readProbabilities(
  { columns: { path, records }, rows, predictions: { findings, ids }, issues }: Context,
  found: readonly number[],
): Float64Array {
  const probabilities = new Float64Array(ids.length * findings.length);
  for (const [image, record] of rows) {
    const { line, fields } = records[record];
    const texts = found.map((column) => fields[column]?.trim() ?? '');
    if (texts.every((text) => text === '')) {
      rows.delete(image);
      continue;
    }
    texts.forEach((text, f) => {
      const value = text === '' ? NaN : Number(text.replace(',', '.'));
      probabilities[image * findings.length + f] = value;
      if (!(value >= 0 && value <= 1))
        issues.push({
          path: `${path}:${line}`,
          message: `"${text}" for "${findings[f]}" is not a probability`,
          hint: 'a number from 0 to 1; apply a sigmoid to logits first',
        });
    });
  }
  return probabilities;
}

/** The calls of one reader for the images of the run. */
function readCalls(
  { columns: { records }, rows, predictions: { findings, ids } }: Context,
  found: readonly number[],
  name: string,
): Reader {
  const decisions = new Int32Array(ids.length * findings.length).fill(-1);
  for (const [image, record] of rows)
    found.forEach((column, f) => {
      const text = records[record].fields[column]?.trim() ?? '';
      decisions[image * findings.length + f] = callOf(text)!;
    });
  return { name, decisions };
}
