import type { Task, TaskPredictions } from '@nonlocal-med/core';
import { type Reader, type ReaderPoint, readerPoint } from '@nonlocal-med/metrics';
import type { SystemRecord } from '@nonlocal-med/runs';
import type { MetricSummary, RowSummary } from './experimentSummary.js';
import type { RowRuns } from './rowRuns.js';

/** A row of a table, and where its predictions come from if not from trained runs. */
export interface SystemRow {
  readonly title: string;
  readonly system?: SystemRecord;
}

/** A reader of a reader study, for every class against the rest, or for every finding. */
export interface ReaderResult {
  readonly name: string;
  /** Absent: `multiclass`. */
  readonly task?: Task;
  readonly points: readonly (Omit<ReaderPoint, 'name'> & { readonly class: string })[];
}

/** Where the predictions of a row come from, and the results of its readers; plain JSON. */
export interface SystemSummary extends Pick<
  SystemRecord,
  'kind' | 'sources' | 'missing' | 'additional'
> {
  /** The readers of a reader study and, after several of them, their majority; empty for probabilities. */
  readonly readers: readonly ReaderResult[];
}

/**
 * Sums up a row that is not a trained run.
 * @param predictions of the row, for the same images as the decisions of its readers
 */
export function summarizeSystem(
  { readers, ...system }: SystemRecord,
  predictions: TaskPredictions,
): SystemSummary {
  const { kind, sources, missing, additional } = system;
  const majority: Reader = { name: 'majority', decisions: decisionsOf(predictions) };
  const all = readers.length > 1 ? [...readers, majority] : readers;
  return {
    kind,
    sources,
    missing,
    additional,
    readers: all.map((reader) => ({
      name: reader.name,
      ...('findings' in predictions ? { task: 'multilabel' } : {}),
      points: readerPoints(reader, predictions),
    })),
  };
}

/** What was decided, in the form of a reader's decisions, from probabilities of 0 and 1. */
function decisionsOf(predictions: TaskPredictions): Int32Array {
  const { probabilities } = predictions;
  if ('findings' in predictions) return Int32Array.from(probabilities);
  const { classes, labels } = predictions;
  return Int32Array.from(labels, (_, i) =>
    classes.findIndex((__, c) => probabilities[i * classes.length + c] === 1),
  );
}

function readerPoints(reader: Reader, predictions: TaskPredictions): ReaderResult['points'] {
  const named = (
    name: string,
    { name: _, ...point }: ReaderPoint,
  ): ReaderResult['points'][number] => ({
    class: name,
    ...point,
  });
  if (!('findings' in predictions))
    return predictions.classes.map((name, c) => named(name, readerPoint(reader, predictions, c)));
  const { findings, labels } = predictions;
  return findings.map((finding, f) => {
    const isOfFinding = (__: number, i: number): boolean => i % findings.length === f;
    const decisions = reader.decisions.filter(isOfFinding);
    return named(
      finding,
      readerPoint({ name: reader.name, decisions }, { labels: labels.filter(isOfFinding) }, 1),
    );
  });
}

/** How the predictions of rows that are not trained runs were made or understood: one sentence per row. */
export function systemNotes(rows: readonly SystemRow[]): string[] {
  return rows.flatMap(({ title, system }) =>
    system === undefined || system.notes.length === 0
      ? []
      : [`${title}: ${system.notes.join(' ')}`],
  );
}

/** Where the predictions of a row come from; undefined for trained runs. */
export function systemOf({ runs }: Pick<RowRuns, 'runs'>): SystemRecord | undefined {
  return runs.find(({ run }) => run?.system !== undefined)?.run?.system;
}

/**
 * The metrics of a row that has the same predictions in every repeat, because all repeats share one test set: a single
 * value, which does not vary, with its interval over test images.
 * @param metrics of one repeat
 * @param repeats number of repeats of the table
 */
export function singleResult(
  metrics: RowSummary['metrics'],
  repeats: number,
): RowSummary['metrics'] {
  const others = Array.from({ length: repeats - 1 }, () => null);
  return Object.fromEntries(
    Object.entries(metrics).map(([metric, { values, undefinedBecause, ...summary }]) => [
      metric,
      {
        ...summary,
        values: [...values, ...others],
        undefinedBecause: [
          ...undefinedBecause,
          ...others.map(() => 'the same as in the first repeat'),
        ],
      } satisfies MetricSummary,
    ]),
  ) as unknown as RowSummary['metrics'];
}
