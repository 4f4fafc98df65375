/** The result of `evaluate` for a cross-validation, on the images that it predicted itself. */
import { commandLine, count, InputError, unknownName } from '@nonlocal-med/core';
import {
  describeOutOfFold,
  evaluationRemarks,
  outOfFoldTables,
  recordedCautions,
  summarizeExperiment,
} from '@nonlocal-med/report';
import { type ExperimentRecord, headlineWeights, outOfFold, trainedRows } from '@nonlocal-med/runs';
import { formatTable } from '@nonlocal-med/terminal';
import { type EvaluateOptions, givenTestFlags } from './evaluateOptions.js';
import { givenDataFlags } from './evaluationData.js';
import { rejectUnused } from './options.js';

const ENSEMBLE =
  'The ensemble of all folds itself cannot be tested on these images: each was used to train the other models. Test it on others: evaluate --data.';

/**
 * The out-of-fold results of a row whose repeats are folds, read from its folder: pooled, and fold by fold.
 * @throws InputError if folds are missing, `--row` is, or an option would have no effect.
 */
export function crossValidationResult(record: ExperimentRecord, options: EvaluateOptions) {
  rejectOthers(options);
  const { weights = headlineWeights(record), row } = options;
  const key = rowOf(record, row);
  const found = outOfFold(record, key, weights);
  if ('noneBecause' in found)
    throw new InputError({
      path: record.path,
      message: `${key} has no out-of-fold results: ${found.noneBecause}`,
      hint: `every fold of one cross-validation trained to the end (${commandLine('trainer', 'resume', record.path)}), or --data with images that no fold was trained on`,
    });
  const { manifest, runs } = record;
  const alone = {
    ...record,
    manifest: {
      ...manifest,
      rows: manifest.rows
        .filter((other) => other.key === key)
        .map((other) => ({ ...other, baseline: null })),
    },
    runs: runs.filter((run) => run.row === key),
  };
  const summary = summarizeExperiment(alone, { weights });
  const [{ metrics, outOfFold: result }] = summary.rows;
  const { folds, overFolds, pooled } = result!;
  const [{ title, tables }] = outOfFoldTables(summary);
  const text = tables.map(({ columns, rows }) => formatTable(columns, rows));
  return {
    title: `pooled, ${weights === 'selected' ? 'best checkpoints' : 'last epochs'}`,
    predictions: found.predictions,
    report: pooled,
    decision: null,
    decided: null,
    ordered: summary.ordered,
    dataCautions: recordedCautions(alone.runs),
    patientsKnown: found.predictions.groups !== undefined,
    remarks: [
      ...describeOutOfFold(result!),
      ENSEMBLE,
      ...evaluationRemarks(pooled, { ordered: summary.ordered }),
    ],
    comparison: `${title}\n${text.join('\n\n')}`,
    extra: {
      weights,
      row: key,
      folds: folds.map((images, fold) => ({
        images,
        metrics: Object.fromEntries(
          Object.entries(metrics).map(([name, { values }]) => [name, values[fold]]),
        ),
      })),
      overFolds: Object.fromEntries(
        Object.entries(metrics).map(([name, { mean, standardDeviation }]) => [
          name,
          { mean, standardDeviation, ...overFolds[name as keyof typeof overFolds] },
        ]),
      ),
    },
  };
}

function rowOf(record: ExperimentRecord, row: string | undefined): string {
  const { path, manifest, runs } = record;
  const known = manifest.rows
    .map(({ key }) => key)
    .filter((key) => runs.some((run) => run.row === key));
  if (row !== undefined) {
    if (known.includes(row)) return row;
    throw new InputError(unknownName({ path: '--row', kind: 'row', name: row, known }));
  }
  const trained = trainedRows(record);
  if (trained.length === 1) return trained[0].key;
  throw new InputError({
    path,
    message: `has ${count(trained.length, 'trained row')}, and the results of one are shown`,
    hint: `--row with one of: ${known.join(', ')}; compare shows the table of all`,
  });
}

/** Results are read, not computed by a model, and each fold has its own thresholds and calibration. */
function rejectOthers(options: EvaluateOptions): void {
  rejectUnused(
    {
      ...givenDataFlags(options),
      '--include-seen': options.includeSeen && 'true',
      '--engine': options.engine,
      '--precision': options.precision,
    },
    'only with --data: the out-of-fold predictions are those that the folds have written',
  );
  rejectUnused(
    givenTestFlags(options),
    'for the run of one fold, such as runs/ROW/repeat-1: each fold has its own thresholds',
  );
}
