/** The results of `predict` as CSV, JSON and text. */
import {
  count,
  type CsvOptions,
  csvPath,
  csvText,
  distinctColumn,
  type Task,
  wrapText,
} from '@nonlocal-med/core';
import { decisionCells, decisionColumns } from '@nonlocal-med/metrics';
import {
  type DecidedFile,
  describeUnlike,
  type EnsembleMember,
  type FileTest,
  reportUnlike,
  type SeenReport,
  type TestTimeAugmentation,
  type UnlikeReport,
  type UnreadableFile,
} from '@nonlocal-med/pipeline';
import { formatTable } from '@nonlocal-med/terminal';
import { decisionCell, decisionLines, decisionsJson } from './decisionOutput.js';
import {
  findingCells,
  findingColumns,
  type FindingImage,
  findingJson,
  findingList,
  findingTable,
  predictedFindings,
} from './findingOutput.js';
import { seenLine } from './seenLine.js';

/** An image with its prediction, or why there is none. */
export interface PredictedImage {
  /** Its name, as it was given. */
  readonly id: string;
  /** Index of the true class; -1 if it is not known. */
  readonly label: number;
  /** With a model of several findings: 1 present, 0 absent, -1 not known, for each of them. */
  readonly findings?: readonly number[];
  /** What the model used it for, if it has seen it. */
  readonly seen?: 'training' | 'validation';
  readonly result: DecidedFile | UnreadableFile;
}

/** Everything that `predict` found out. */
export interface PredictionResult {
  readonly model: string;
  /** The model, or the members of an ensemble, with the hashes of their weights. */
  readonly members: readonly EnsembleMember[];
  /** Views whose predictions were averaged; null without test-time augmentation. */
  readonly tta: TestTimeAugmentation | null;
  readonly task: Task;
  /** The classes of the model, or its findings. */
  readonly classes: readonly string[];
  readonly images: readonly PredictedImage[];
  /** Which images the model has seen. */
  readonly seen: SeenReport;
  /** How well the images with a label were predicted, or why that cannot be said; absent without labels. */
  readonly test?: FileTest | { readonly noTestBecause: string };
  readonly notes: readonly string[];
}

const predictedOf = ({ images }: PredictionResult): (PredictedImage & { result: DecidedFile })[] =>
  images.flatMap((image) => ('facts' in image.result ? [{ ...image, result: image.result }] : []));

/** The files that could not be read, with the reasons. */
export const failedOf = ({ images }: PredictionResult): { id: string; reason: string }[] =>
  images.flatMap(({ id, result }) => ('reason' in result ? [{ id, reason: result.reason }] : []));

/**
 * One row per image: `id,truth`, one column per class as in the predictions of a run, then the predicted class, its
 * probability, each decision with its margin, milliseconds, what the model used the image for, its distance from the training images and in what it is
 * unlike them, notes, and why it could not be read. Numbers have all digits. A name that a spreadsheet would take for a
 * formula gets `./` in front, which leaves it the same path, unless formulas are kept. With several findings, the truth and the probability of
 * each have a column, and the predicted ones are listed, separated by `|`.
 */
export function predictionCsv(
  result: PredictionResult,
  { keepFormulas = false }: CsvOptions = {},
): string {
  const { classes, task } = result;
  const isFindings = task === 'multilabel';
  const decided = predictedOf(result)[0]?.result.decisions ?? [];
  const extra = [
    ...(isFindings ? ['findings'] : ['prediction', 'probability']),
    ...decisionColumns(decided),
    'network_ms',
    'decode_ms',
    'seen',
    'distance',
    'unlike',
    'notes',
    'error',
  ];
  const columns = isFindings ? findingColumns(classes) : ['truth', ...classes];
  const header = ['id', ...columns, ...extra.map((name) => distinctColumn(name, columns))];
  const rows = result.images.map(({ id, label, findings = [], seen = '', result: image }) => {
    const name = keepFormulas ? id : csvPath(id);
    const truth = label < 0 ? '' : classes[label];
    if ('reason' in image) {
      const cells = isFindings ? findingCells(findings, null) : [truth, ...classes.map(() => '')];
      const before = [name, ...cells, ...(isFindings ? [''] : ['', ''])];
      const undecided = decisionCells(decided).map(() => '');
      return [...before, ...undecided, '', '', seen, '', '', '', image.reason];
    }
    const { probabilities, predicted, networkMilliseconds, decodeMilliseconds, unlike, notes } =
      image;
    const cells = isFindings
      ? [
          ...findingCells(findings, probabilities),
          predictedFindings(classes, probabilities).join('|'),
        ]
      : [truth, ...probabilities.map(String), classes[predicted], String(probabilities[predicted])];
    return [
      name,
      ...cells,
      ...decisionCells(image.decisions),
      String(networkMilliseconds),
      String(decodeMilliseconds),
      seen,
      String(unlike?.distance ?? ''),
      unlike?.text ?? '',
      notes.join('; '),
      '',
    ];
  });
  return csvText([header, ...rows], { keepFormulas });
}

/** The result as the value of `--json`. */
export function predictionJson(result: PredictionResult): Record<string, unknown> {
  const { model, members, tta, task, classes, seen, test, notes } = result;
  return {
    model,
    members,
    tta,
    ...(task === 'multilabel' ? { task } : {}),
    classes,
    images: predictedOf(result).map(({ id, label, findings, seen: use, result: image }) => ({
      id,
      file: image.file,
      ...(findings === undefined
        ? {
            truth: label < 0 ? null : classes[label],
            prediction: classes[image.predicted],
            probability: image.probabilities[image.predicted],
            probabilities: Object.fromEntries(
              classes.map((name, k) => [name, image.probabilities[k]]),
            ),
          }
        : findingJson(classes, { truth: findings, probabilities: image.probabilities })),
      decisions: decisionsJson(image.decisions),
      networkMilliseconds: image.networkMilliseconds,
      decodeMilliseconds: image.decodeMilliseconds,
      seen: use ?? null,
      unlike: image.unlike ?? null,
      notes: image.notes,
    })),
    failed: failedOf(result),
    milliseconds: medianMilliseconds(result),
    seen,
    unlike: unlikeReport(result),
    ...(test === undefined ? {} : { test: testJson(test) }),
    notes,
  };
}

function testJson(test: NonNullable<PredictionResult['test']>): Record<string, unknown> {
  if ('noTestBecause' in test) return test;
  const { predictions, report, decision, seen } = test;
  return { images: predictions.ids.length, includeSeen: seen.includeSeen, seen, report, decision };
}

/** Medians over the images; null if none was predicted. */
function medianMilliseconds(result: PredictionResult): { network: number; decode: number } | null {
  const images = predictedOf(result).map(({ result: image }) => image);
  if (images.length === 0) return null;
  return {
    network: median(images.map(({ networkMilliseconds }) => networkMilliseconds)),
    decode: median(images.map(({ decodeMilliseconds }) => decodeMilliseconds)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
}

/** More images are summed up by class instead of listed. */
const MOST_LISTED = 40;
/** More classes have no column of their own. */
const MOST_COLUMNS = 6;
/** Most names in a sentence, and most sentences of a kind. */
const [MOST_NAMES, MOST_LINES] = [3, 20];

/** The result as text: a table of the images, or of the classes if there are many images, and what is to be known. */
export function predictionText(result: PredictionResult): string {
  const images = predictedOf(result);
  const table = images.length === 0 ? 'No image was predicted.' : predictionTable(result);
  return [
    table,
    ...[
      decisionLines(
        images.map(({ result: image }) => image),
        { isListed: result.task === 'multiclass' && images.length <= MOST_LISTED },
      ),
      noteLines(result),
      unlikeLines(result),
      failureLines(result),
      [seenLine(result), timeLine(result)],
    ]
      .map((lines) => wrapText(lines.filter((line) => line !== '').join('\n')))
      .filter((text) => text !== ''),
  ].join('\n\n');
}

function predictionTable(result: PredictionResult): string {
  const images = predictedOf(result);
  const many = images.length > MOST_LISTED;
  if (result.task === 'multiclass') return many ? classTable(result) : imageTable(result);
  const found = images.map(
    ({ id, findings: truth = [], result: { probabilities } }): FindingImage => ({
      id,
      truth,
      probabilities,
    }),
  );
  return many ? findingTable(result.classes, found) : findingList(result.classes, found);
}

function imageTable(result: PredictionResult): string {
  const { classes } = result;
  const images = predictedOf(result);
  const labeled = images.some(({ label }) => label >= 0);
  const isDecided = images[0].result.decisions.length > 0;
  const columns = classes.length <= MOST_COLUMNS ? classes : ['probability'];
  return formatTable(
    [
      { title: 'image' },
      ...(labeled ? [{ title: 'true class' }] : []),
      { title: 'prediction' },
      ...columns.map((title) => ({ title, align: 'right' as const })),
      ...(isDecided ? [{ title: 'decision' }] : []),
    ],
    images.map(({ id, label, result: { probabilities, predicted, decisions } }) => [
      id,
      ...(labeled ? [classes[label] ?? ''] : []),
      classes[predicted],
      ...(columns === classes ? probabilities : [probabilities[predicted]]).map((value) =>
        value.toFixed(4),
      ),
      ...(isDecided ? [decisionCell(decisions)] : []),
    ]),
  );
}

function classTable(result: PredictionResult): string {
  const images = predictedOf(result).map(({ result: image }) => image);
  const rows = result.classes.map((name, index) => {
    const predicted = images.filter((image) => image.predicted === index);
    const share = `${((100 * predicted.length) / images.length).toFixed(1)} %`;
    const middle =
      predicted.length === 0 ? '' : median(predicted.map((p) => p.probabilities[index])).toFixed(4);
    return [name, String(predicted.length), share, middle];
  });
  const right = { align: 'right' } as const;
  return `${count(images.length, 'image')}; --csv FILE or --json FILE writes each of them\n\n${formatTable(
    [
      { title: 'prediction' },
      { title: 'images', ...right },
      { title: 'share', ...right },
      { title: 'median probability', ...right },
    ],
    rows,
  )}`;
}

/** Each note once, with the names of its images. */
function noteLines(result: PredictionResult): string[] {
  const byNote = new Map<string, string[]>();
  for (const { id, result: image } of predictedOf(result))
    for (const note of image.notes) {
      const ids = byNote.get(note);
      if (ids === undefined) byNote.set(note, [id]);
      else ids.push(id);
    }
  return shortened(
    [...byNote].map(([note, ids]) => {
      const more = ids.length > MOST_NAMES ? `, ... (${ids.length} images)` : '';
      return `${ids.slice(0, MOST_NAMES).join(', ')}${more}: ${note}.`;
    }),
  );
}

function unlikeReport(result: PredictionResult): UnlikeReport {
  const images = predictedOf(result).flatMap(({ id, result: { unlike } }) =>
    unlike === undefined ? [] : [{ id, ...unlike }],
  );
  return reportUnlike(images.length === 0 ? undefined : images);
}

/** How many images are unlike the training images, and in what; nothing if none is. */
function unlikeLines(result: PredictionResult): string[] {
  const report = unlikeReport(result);
  if (predictedOf(result).length === 0) return [];
  if (report.checked && report.unlike.length === 0) return [];
  return [
    describeUnlike(report),
    ...shortened(report.unlike.map(({ id, text }) => `  ${id}: ${text}`)),
  ];
}

function failureLines(result: PredictionResult): string[] {
  const failed = failedOf(result);
  if (failed.length === 0) return [];
  return [
    `Not predicted: ${failed.length} of ${count(result.images.length, 'image')}`,
    ...shortened(failed.map(({ id, reason }) => `  ${id}: ${reason}`)),
  ];
}

const shortened = (lines: readonly string[]): string[] =>
  lines.length <= MOST_LINES
    ? [...lines]
    : [
        ...lines.slice(0, MOST_LINES),
        `... and ${lines.length - MOST_LINES} more; --csv FILE or --json FILE lists all`,
      ];

function timeLine(result: PredictionResult): string {
  const times = medianMilliseconds(result);
  if (times === null) return '';
  return `Per image: ${times.network.toFixed(1)} ms network, ${times.decode.toFixed(1)} ms decoding in one thread (medians, without warm-up)`;
}
