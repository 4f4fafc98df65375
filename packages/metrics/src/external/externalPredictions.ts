import { count, type Issue, type Predictions, throwIssues } from '@nonlocal-med/core';
import { pickRows } from '../input/taskPredictions.js';
import { type ExternalTable, readExternalTable } from './externalTable.js';
import { matchImages } from './matchImages.js';
import { majorityVote, type Reader } from './readers.js';

/** The test images of a run, on which predictions made elsewhere are judged. */
export interface ExternalReference {
  /** What messages call it. */
  readonly name: string;
  readonly predictions: Predictions;
  /** SHA-256 of the file of each image by its id, for files that name images by their content. */
  readonly contents?: ReadonlyMap<string, string>;
}

/** A file of predictions that was read. */
export interface ExternalFile {
  /** What errors call it. */
  readonly path: string;
  readonly text: string;
}

/** Predictions made elsewhere, for the test images of a run. */
export interface ExternalPredictions {
  /** For the common images in the order of the run; true classes and patients are those of the run. */
  readonly predictions: Predictions;
  /** The readers of a reader study; empty for probabilities. */
  readonly readers: readonly Reader[];
  /** Test images of the run that the files have no prediction for. */
  readonly missing: readonly string[];
  /** Images of the files that are not test images of the run. */
  readonly additional: readonly string[];
  /** How the files were understood, one sentence each. */
  readonly notes: readonly string[];
}

/** How far a sum of rounded probabilities may be from 1; rows within it are divided by their sum. */
const ROUNDING = 0.02;

/** Within this distance of 1, a sum differs by the precision of its float32 or float64 values: rows stay as they are. */
const EXACT = 1e-6;

/**
 * Reads predictions made elsewhere, by another program, a product or human readers, for the test images of a run. Images
 * are matched by id, by file name where it is unique, or by the SHA-256 of their files. Understood are: one probability
 * per class; one probability for two classes; predicted classes, with one column or file per reader, of which several are
 * joined by majority vote.
 * @throws InputError with file and line for everything that cannot be used: unknown classes, values that are not
 * probabilities, images listed twice, true classes that contradict those of the run; or if no image is common to both
 */
export function externalPredictions(
  files: readonly ExternalFile[],
  reference: ExternalReference,
): ExternalPredictions {
  const { classes } = reference.predictions;
  const issues: Issue[] = [];
  const parts = files.map(({ path, text }) => {
    const table = readExternalTable(text, { path, classes });
    const match = matchImages(table, reference, issues);
    const values = readValues(table, { ...match, reference, issues });
    return { ...match, ...values, table, notes: [...match.notes, ...values.notes] };
  });
  if (files.length > 1)
    for (const { table } of parts)
      if (table.meaning.kind !== 'decisions')
        issues.push({
          path: table.path,
          message: 'contains probabilities',
          hint: 'decisions: several files of one row are the readers of a reader study',
        });
  throwIssues(issues);
  const additional = [...new Set(parts.flatMap((part) => part.additional))];
  const notes = [...new Set(parts.flatMap((part) => [...part.table.notes, ...part.notes]))];
  const [{ probabilities }] = parts;
  const readers = probabilities === undefined ? namedReaders(parts) : [];
  const vote = probabilities === undefined ? majorityVote(readers, classes.length) : undefined;
  const rows = [...reference.predictions.ids.keys()].filter((i) =>
    vote === undefined ? parts[0].rows.has(i) : vote.decisions[i] >= 0,
  );
  const all: Predictions = {
    ...reference.predictions,
    decisionsOnly: undefined,
    probabilities: vote === undefined ? probabilities! : oneHot(vote.decisions, classes.length),
  };
  const kept = new Set(rows);
  return {
    predictions: {
      ...pickRows(all, rows),
      ...(vote === undefined ? {} : { decisionsOnly: true }),
    },
    readers: readers.map(({ name, decisions }) => ({
      name,
      decisions: Int32Array.from(rows, (row) => decisions[row]),
    })),
    missing: reference.predictions.ids.filter((_, i) => !kept.has(i)),
    additional,
    notes: [
      ...notes,
      ...(vote === undefined ? [] : describeReaders(readers, vote.ties, kept.size)),
    ],
  };
}

interface Values {
  /** [images of the run, classes]; absent for decisions. */
  readonly probabilities?: Float64Array;
  readonly readers: readonly Reader[];
  readonly notes: readonly string[];
}

interface ValueContext {
  /** Record of each image, by its index in the run. */
  readonly rows: Map<number, number>;
  readonly reference: ExternalReference;
  readonly issues: Issue[];
}

/** The values of a table for the images of the run. Rows without any value count as missing images. */
function readValues(table: ExternalTable, { rows, reference, issues }: ValueContext): Values {
  const { records, meaning, path } = table;
  const { ids, classes } = reference.predictions;
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

/** Readers of one file by its columns; of several files by the files, and by the columns where a file has several. */
function namedReaders(parts: readonly (Values & { readonly table: ExternalTable })[]): Reader[] {
  if (parts.length === 1) return [...parts[0].readers];
  return parts.flatMap(({ readers, table: { path } }) => {
    const file = path.replace(/^.*[/\\]/, '').replace(/\.[a-z]+$/i, '');
    return readers.map((reader) => ({
      ...reader,
      name: readers.length === 1 ? file : `${file}, ${reader.name}`,
    }));
  });
}

function describeReaders(readers: readonly Reader[], ties: number, images: number): string[] {
  const unread = readers.flatMap(({ name, decisions }) => {
    const read = decisions.filter((decision) => decision >= 0).length;
    return read < images ? [`${name} decided on ${read} of ${count(images, 'image')}.`] : [];
  });
  const none = 'Only decisions are given, no probabilities: AUC and calibration are not defined.';
  if (readers.length === 1) return [none];
  const tied = `${count(ties, 'image')} ${ties === 1 ? 'is' : 'are'} tied, where the vote of the first reader among the tied classes counts`;
  return [
    `Majority vote of ${readers.length} readers (${readers.map(({ name }) => name).join(', ')})${ties === 0 ? ', without ties' : `; ${tied}`}.`,
    ...unread,
    none,
  ];
}

function oneHot(decisions: Int32Array, classes: number): Float64Array {
  const probabilities = new Float64Array(decisions.length * classes);
  decisions.forEach((decision, i) => {
    if (decision >= 0) probabilities[i * classes + decision] = 1;
  });
  return probabilities;
}
