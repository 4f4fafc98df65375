/** Predictions of one of several classes that were made elsewhere. */
import { count, type Issue, type Predictions } from '@nonlocal-med/core';
import type { ExternalFile, ExternalPart, ExternalReference } from './externalPredictions.js';
import { type ExternalTable, readExternalTable } from './externalTable.js';
import { matchImages } from './matchImages.js';
import type { Reader } from './readers.js';

/** How far a sum of rounded probabilities may be from 1; rows within it are divided by their sum. */
const ROUNDING = 0.02;

/** Within this distance of 1, a sum differs by the precision of its float32 or float64 values: rows stay as they are. */
const EXACT = 1e-6;

/**
 * Reads a file of predictions for the test images of a run.
 * @param predictions of the run
 * @param issues receives every line that cannot be used
 * @throws InputError if its columns are not understood, or none of its images is a test image
 */
export function readClasses(
  { path, text }: ExternalFile,
  { predictions, ...reference }: ExternalReference & { readonly predictions: Predictions },
  issues: Issue[],
): ExternalPart {
  const table = readExternalTable(text, { path, classes: predictions.classes });
  const { rows, additional, notes } = matchImages(table, { predictions, ...reference }, issues);
  checkTruth(table, { rows, reference: predictions, issues }, reference.name);
  const values = readValues(table, { rows, reference: predictions, issues });
  return {
    path,
    rows,
    additional,
    ...values,
    notes: [...table.notes, ...notes, ...values.notes],
  };
}

type Values = Pick<ExternalPart, 'probabilities' | 'readers' | 'notes'>;

interface ValueContext {
  /** Record of each image, by its index in the run. */
  readonly rows: Map<number, number>;
  readonly reference: Predictions;
  readonly issues: Issue[];
}

/** Compares the true classes of a file, if it has some, with those of the run. */
function checkTruth(
  { path, records, id, truth, classOf }: ExternalTable,
  { rows, reference: { labels, classes }, issues }: ValueContext,
  name: string,
): void {
  if (truth === undefined) return;
  for (const [image, record] of rows) {
    const { line, fields } = records[record];
    const text = fields[truth]?.trim() ?? '';
    if (text !== '' && labels[image] >= 0 && classOf(text) !== labels[image])
      issues.push({
        path: `${path}:${line}`,
        message: `the true class of "${fields[id].trim()}" is "${text}", but "${classes[labels[image]]}" in ${name}`,
        hint: 'the same images with the same true classes',
      });
  }
}

/** The values of a table for the images of the run. Rows without any value count as missing images. */
function readValues(table: ExternalTable, { rows, reference, issues }: ValueContext): Values {
  const { records, meaning, path } = table;
  const { ids, classes } = reference;
  const report = (record: number, message: string, hint?: string): unknown =>
    issues.push({ path: `${path}:${records[record].line}`, message, hint });
  if (meaning.kind === 'decisions') {
    const readers = meaning.columns.map(({ column, name }): Reader => {
      const decisions = new Int32Array(ids.length).fill(-1);
      for (const [image, record] of rows) {
        const value = records[record].fields[column]?.trim() ?? '';
        if (value === '') continue;
        decisions[image] = table.classOf(value);
        if (decisions[image] < 0)
          report(record, `unknown class "${value}"`, `one of ${classes.join(', ')}, or empty`);
      }
      return { name, decisions };
    });
    return { readers, notes: [] };
  }
  const columns = meaning.kind === 'score' ? [meaning.column] : meaning.columns;
  const probabilities = new Float64Array(ids.length * classes.length);
  let rounded = 0;
  for (const [image, record] of rows) {
    const texts = columns.map((column) => records[record].fields[column]?.trim() ?? '');
    if (texts.every((value) => value === '')) {
      rows.delete(image);
      continue;
    }
    const values = texts.map((value) => (value === '' ? NaN : Number(value.replace(',', '.'))));
    const wrong = values.findIndex((value) => !(value >= 0 && value <= 1));
    if (wrong >= 0) {
      report(
        record,
        `"${texts[wrong]}" is not a probability`,
        'a number from 0 to 1; apply a softmax or a sigmoid to logits first',
      );
      continue;
    }
    const row = meaning.kind === 'score' ? bothClasses(values[0], meaning.classIndex) : values;
    const sum = row.reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > ROUNDING)
      report(record, `the probabilities sum to ${sum}`, '1; apply a softmax to logits first');
    const isRounded = Math.abs(sum - 1) > EXACT;
    if (isRounded) rounded++;
    row.forEach(
      (value, c) => (probabilities[image * classes.length + c] = isRounded ? value / sum : value),
    );
  }
  const notes =
    rounded === 0
      ? []
      : [
          `The probabilities of ${count(rounded, 'image')} were divided by their sum, which rounding had changed.`,
        ];
  return { probabilities, readers: [], notes };
}

const bothClasses = (value: number, classIndex: number): number[] =>
  classIndex === 1 ? [1 - value, value] : [value, 1 - value];
