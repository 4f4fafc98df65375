import { type Issue, type TaskPredictions, throwIssues } from '@nonlocal-med/core';
import { namesOf, pickRows } from '../input/taskPredictions.js';
import { readClasses } from './externalClasses.js';
import { readFindings } from './externalFindings.js';
import { describeReaders, namedReaders } from './readerNotes.js';
import { majorityVote, type Reader } from './readers.js';

/** The test images of a run, on which predictions made elsewhere are judged. */
export interface ExternalReference {
  /** What messages call it. */
  readonly name: string;
  readonly predictions: TaskPredictions;
  /** SHA-256 of the file of each image by its id, for files that name images by their content. */
  readonly contents?: ReadonlyMap<string, string>;
}

/** A file of predictions that was read. */
export interface ExternalFile {
  /** What errors call it. */
  readonly path: string;
  readonly text: string;
}

/** What a file of predictions says about the test images of a run. */
export interface ExternalPart {
  readonly path: string;
  /** Record of each image, by its index in the run. */
  readonly rows: ReadonlyMap<number, number>;
  /** Names of images that are not among those of the run. */
  readonly additional: readonly string[];
  /** [images of the run, classes or findings]; absent for decisions. */
  readonly probabilities?: Float64Array;
  /** The readers whose decisions it has: one value per image, or per finding of an image. */
  readonly readers: readonly Reader[];
  /** How it was understood, one sentence each. */
  readonly notes: readonly string[];
}

/** Predictions made elsewhere, for the test images of a run. */
export interface ExternalPredictions {
  /** For the common images in the order of the run; true classes and patients are those of the run. */
  readonly predictions: TaskPredictions;
  /** The readers of a reader study; empty for probabilities. */
  readonly readers: readonly Reader[];
  /** Test images of the run that the files have no prediction for. */
  readonly missing: readonly string[];
  /** Images of the files that are not test images of the run. */
  readonly additional: readonly string[];
  /** How the files were understood, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads predictions made elsewhere, by another program, a product or human readers, for the test images of a run. Images
 * are matched by id, by file name where it is unique, or by the SHA-256 of their files. Understood are: one probability
 * per class or finding; one probability for two classes; predicted classes, with one column or file per reader, and calls of
 * findings, with one file per reader. Several readers are joined by majority vote.
 * @throws InputError with file and line for everything that cannot be used: unknown classes, findings without a column,
 * values that are not probabilities, images listed twice, truths that contradict those of the run; or if no image is common
 * to both
 */
export function externalPredictions(
  files: readonly ExternalFile[],
  { predictions: tested, ...reference }: ExternalReference,
): ExternalPredictions {
  const isFindings = 'findings' in tested;
  const issues: Issue[] = [];
  const parts = files.map((file) =>
    isFindings
      ? readFindings(file, { ...reference, predictions: tested }, issues)
      : readClasses(file, { ...reference, predictions: tested }, issues),
  );
  if (files.length > 1)
    for (const { path, probabilities } of parts)
      if (probabilities !== undefined)
        issues.push({
          path,
          message: 'contains probabilities',
          hint: 'decisions: several files of one row are the readers of a reader study',
        });
  throwIssues(issues);
  const additional = [...new Set(parts.flatMap((part) => part.additional))];
  const notes = [...new Set(parts.flatMap((part) => part.notes))];
  const { ids } = tested;
  const cells = isFindings ? tested.findings.length : 1;
  const cellsOf = (row: number): number[] =>
    Array.from({ length: cells }, (_, c) => row * cells + c);
  const [{ probabilities, rows: listed }] = parts;
  const decided = probabilities === undefined ? joinReaders(parts, tested, cells) : undefined;
  const rows = [...ids.keys()].filter((row) =>
    decided === undefined
      ? listed.has(row)
      : cellsOf(row).every((cell) => decided.decisions[cell] >= 0),
  );
  const all = {
    ...tested,
    decisionsOnly: decided === undefined ? undefined : true,
    probabilities: decided?.probabilities ?? probabilities!,
  } as TaskPredictions; // the values have the form of the task
  const kept = new Set(rows);
  const { readers = [], ties = 0 } = decided ?? {};
  return {
    predictions: pickRows(all, rows),
    readers: readers.map(({ name, decisions }) => ({
      name,
      decisions: Int32Array.from(rows.flatMap(cellsOf), (cell) => decisions[cell]),
    })),
    missing: ids.filter((_, i) => !kept.has(i)),
    additional,
    notes: [
      ...notes,
      ...(decided === undefined
        ? []
        : describeReaders(readers, { ties, images: kept.size, cells })),
    ],
  };
}

/**
 * The readers of all files and their majority, as probabilities of 0 and 1.
 * @param cells decisions per image: 1, or one per finding
 * @throws InputError if an image has a decision about some findings and not about others
 */
function joinReaders(
  parts: readonly ExternalPart[],
  tested: TaskPredictions,
  cells: number,
): {
  readonly readers: readonly Reader[];
  readonly decisions: Int32Array;
  readonly ties: number;
  readonly probabilities: Float64Array;
} {
  const readers = namedReaders(parts);
  const names = namesOf(tested);
  const isFindings = 'findings' in tested;
  const { decisions, ties } = majorityVote(readers, isFindings ? 2 : names.length);
  const probabilities = new Float64Array(tested.ids.length * names.length);
  decisions.forEach((decision, cell) => {
    if (isFindings) probabilities[cell] = decision === 1 ? 1 : 0;
    else if (decision >= 0) probabilities[cell * names.length + decision] = 1;
  });
  const issues = tested.ids.flatMap((id, row): Issue[] => {
    const image = decisions.subarray(row * cells, (row + 1) * cells);
    const undecided = names.filter((_, f) => image[f] === -1);
    return undecided.length === 0 || undecided.length === cells || cells === 1
      ? []
      : [
          {
            path: parts.map(({ path }) => path).join(', '),
            message: `"${id}" has no decision about ${undecided.join(', ')}`,
            hint: 'a decision about each finding, or about none of the image',
          },
        ];
  });
  throwIssues(issues);
  return { readers, decisions, ties, probabilities };
}
