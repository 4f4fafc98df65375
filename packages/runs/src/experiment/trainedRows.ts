/** The rows of an experiment that it trains, and the names of their repeats. */
import type { ExperimentManifest, ExperimentRow } from './experimentManifest.js';
import type { ExperimentRecord } from './readExperimentFolder.js';

/** Default number of folds: test sets of 10 %, as in the paper. */
export const DEFAULT_FOLDS = 10;

/** The rows whose runs the experiment trains: not those of published numbers, other predictions, views and ensembles. */
export function plannedRows({ rows, runs }: ExperimentManifest): ExperimentRow[] {
  const keys = new Set(runs.map(({ row }) => row));
  return rows.filter(({ key }) => keys.has(key));
}

/** The rows of {@link plannedRows} of which at least one run has been started. */
export function trainedRows({
  manifest,
  runs,
}: Pick<ExperimentRecord, 'manifest' | 'runs'>): ExperimentRow[] {
  const started = new Set(runs.filter(({ state }) => state !== 'missing').map(({ row }) => row));
  return plannedRows(manifest).filter(({ key }) => started.has(key));
}

/**
 * `fold 3` or `repeat 3`: a repeat in sentences, where repeats are counted from 1. With more repeats than folds, the images
 * are divided into new folds after the last one, so that the number is not that of a fold.
 */
export function repeatName(
  { kind, count, folds = DEFAULT_FOLDS }: ExperimentManifest['repeats'],
  repeat: number,
): string {
  return `${kind === 'folds' && count <= folds ? 'fold' : 'repeat'} ${repeat + 1}`;
}
