import { InputError, type TaskPredictions, wrapText } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { useEngine } from '@nonlocal-med/engine';
import type {
  DecidedPredictions,
  DecisionReport,
  SubgroupsReport,
  TaskReport,
} from '@nonlocal-med/metrics';
import {
  describeSeen,
  describeUnlike,
  evaluateEnsemble,
  evaluateModel,
  evaluateRun,
  memberFolders,
  openExportedModel,
  type ProgressListener,
} from '@nonlocal-med/pipeline';
import {
  comparisonTable,
  evaluationRemarks,
  resultCautions,
  subgroupsToText,
} from '@nonlocal-med/report';
import {
  isExperimentFolder,
  isRunFolder,
  readExperimentFolder,
  readExperimentManifest,
} from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { crossValidationResult } from '../crossValidationResult.js';
import { readDecisionRequest } from '../decisionOptions.js';
import { type EvaluateOptions, givenTestFlags } from '../evaluateOptions.js';
import { givenDataFlags, readDataOptions } from '../evaluationData.js';
import { decisionText, evaluationText } from '../evaluationText.js';
import { averagingText, rejectUnused } from '../options.js';
import { writePredictions } from '../predictionFiles.js';
import { readSubgroupFlags, writeSubgroups } from '../subgroupOutput.js';

/** `evaluate`: a run on its test set, a cross-validation on all of its images, or a model on a data set. */
export function evaluateCommand({ signal }: CommandContext) {
  return async (paths: readonly string[], options: EvaluateOptions): Promise<void> => {
    const given = paths.map((path) => resolveUserPath(path));
    const ownTest = options.data === undefined && options.config === undefined;
    if (ownTest && options.tta === undefined && given.length === 1) {
      const [folder] = given;
      if (await isCrossValidation(folder))
        return show(crossValidationResult(await readExperimentFolder(folder), options), options);
    }
    const folders = await memberFolders(given, options.row);
    if (folders.length > 1 || options.tta !== undefined)
      return evaluateTogether(folders, { ...options, ownTest }, signal);
    const [folder] = folders;
    if (ownTest && (await isRunFolder(folder))) return evaluateOnTestSet(folder, options, signal);
    return evaluateOnData(folder, options, signal);
  };
}

const isCrossValidation = async (folder: string): Promise<boolean> =>
  (await isExperimentFolder(folder)) &&
  (await readExperimentManifest(folder)).repeats.kind === 'folds';

async function evaluateOnTestSet(
  folder: string,
  options: EvaluateOptions,
  signal: AbortSignal,
): Promise<void> {
  const includeSeen = options.includeSeen === undefined ? undefined : 'true';
  rejectUnused({ ...givenDataFlags(options), '--include-seen': includeSeen }, 'only with --data');
  const { weights, epoch, reproduced, cautions, trainedPrecision, ...evaluation } =
    await evaluateRun({
      folder,
      weights: options.weights,
      engine: options.engine,
      precision: options.precision,
      by: readSubgroupFlags(options),
      decision: readDecisionRequest(options),
      signal,
      ...imageListener(),
    });
  const remarks = {
    null: 'The run has no metrics.json to compare with.',
    true: "Identical to the run's metrics.json in every digit.",
    false:
      evaluation.precision === trainedPrecision
        ? "DIFFERENT from the run's metrics.json: the backend, number of threads, machine or\nfiles have changed."
        : `Computed in ${evaluation.precision}; the run and its metrics.json in ${trainedPrecision}. Probabilities\nmay differ in the third digit.`,
  };
  await show(
    {
      ...evaluation,
      title: `epoch ${epoch} (${weights})`,
      dataCautions: cautions,
      remarks: [
        options.calibrated === undefined
          ? remarks[`${reproduced}`]
          : "With calibrated probabilities; the run's metrics.json has those of the network.",
      ],
      extra: { weights, epoch, precision: evaluation.precision, repeated: reproduced },
    },
    options,
  );
}

async function evaluateOnData(
  folder: string,
  options: EvaluateOptions,
  signal: AbortSignal,
): Promise<void> {
  rejectUnused(
    { '--weights': options.weights },
    'only for a run on its test set; an exported model has the weights of the best checkpoint',
  );
  const by = readSubgroupFlags(options);
  const data = await readDataOptions(options);
  const decision = readDecisionRequest(options);
  await useEngine({ backend: options.engine });
  const listener = imageListener();
  const model = await openExportedModel(folder, {
    precision: options.precision,
    onNote: listener.onNote,
  });
  try {
    if (data === undefined)
      throw new InputError({
        path: '--data',
        message: 'missing',
        hint: 'images to evaluate an exported model on',
      });
    const { seen, unlike, ...evaluation } = await evaluateModel(model, data, {
      includeSeen: options.includeSeen,
      by,
      decision,
      signal,
      ...listener,
    });
    await show(
      {
        ...evaluation,
        title: model.name,
        remarks: [
          ...describeSeen(seen),
          describeUnlike(unlike),
          ...evaluationRemarks(evaluation.report, evaluation),
        ],
        extra: { data: data.path, seen, unlike },
      },
      options,
    );
  } finally {
    model.dispose();
  }
}

/** An ensemble, or one model with test-time augmentation, compared with its single models. */
async function evaluateTogether(
  folders: readonly string[],
  { ownTest, ...options }: EvaluateOptions & { readonly ownTest: boolean },
  signal: AbortSignal,
): Promise<void> {
  const includeSeen = options.includeSeen === undefined ? undefined : 'true';
  if (ownTest)
    rejectUnused({ ...givenDataFlags(options), '--include-seen': includeSeen }, 'only with --data');
  else
    rejectUnused(
      { '--weights': options.weights },
      'only for runs on their test set, without --data',
    );
  rejectUnused(
    givenTestFlags(options),
    'one model without --tta: these are not made for ensembles and views',
  );
  const data = ownTest ? undefined : await readDataOptions(options);
  if (data !== undefined) await useEngine({ backend: options.engine });
  const { weights, engine, precision, tta } = options;
  const evaluation = await evaluateEnsemble(folders, {
    data,
    includeSeen: options.includeSeen,
    weights,
    engine,
    precision,
    tta,
    signal,
    ...imageListener(),
  });
  const { members, comparison, ...result } = evaluation;
  const title = averagingText(members.length, evaluation.tta);
  const [whom, names] =
    members.length > 1
      ? [`the mean of the ${members.length} single models`, ['mean single', 'ensemble'] as const]
      : ['the single view of each image', ['single view', 'averaged'] as const];
  const { columns, rows } = comparisonTable([...names], comparison, result);
  await show(
    {
      ...result,
      title,
      decision: null,
      decided: null,
      remarks: [
        ...members.flatMap(({ folder, seen }) =>
          seen === undefined ? [] : describeSeen(seen).map((text) => `${folder}: ${text}`),
        ),
        ...evaluationRemarks(result.report, result),
      ],
      comparison: `Compared with ${whom}\n${formatTable(columns, rows)}`,
      extra: {
        ...(data === undefined ? {} : { data: data.path }),
        members,
        tta: evaluation.tta,
        comparison,
      },
    },
    options,
  );
}

interface Result {
  readonly title: string;
  readonly predictions: TaskPredictions;
  readonly report: TaskReport;
  readonly subgroups?: SubgroupsReport;
  readonly decision: DecisionReport | null;
  readonly decided: DecidedPredictions | null;
  readonly ordered: boolean;
  readonly patientsKnown: boolean;
  readonly canFold?: boolean;
  /** What the run found in its data that makes its results unreliable. */
  readonly dataCautions?: readonly string[];
  /** How it compares with its members: text below the table. */
  readonly comparison?: string;
  /** Sentences below the table. */
  readonly remarks: readonly string[];
  /** More fields of the JSON. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Prints the metrics, and writes the result and the predictions if requested. */
async function show(shown: Result, options: EvaluateOptions): Promise<void> {
  const { predictions: file, keepFormulas, out, json } = options;
  const { title, predictions, report, ordered, patientsKnown, canFold, remarks, extra } = shown;
  const { subgroups } = shown;
  const images = predictions.ids.length;
  const cautions = resultCautions([{ reports: [report], dataCautions: shown.dataCautions }], {
    patientsKnown,
    canFold,
  });
  const { decision } = shown;
  const names =
    'findings' in predictions
      ? { task: 'multilabel', findings: predictions.findings }
      : { classes: predictions.classes };
  const result = { ...extra, images, ...names, report, decision, cautions, subgroups };
  if (file !== undefined) await writePredictions(resolveUserPath(file), shown, { keepFormulas });
  else rejectUnused({ '--keep-formulas': keepFormulas && 'true' }, 'only with --predictions');
  await writeSubgroups(subgroups, options);
  if (out !== undefined)
    await writeAtomic(resolveUserPath(out), `${JSON.stringify(result, null, 2)}\n`);
  if (json !== undefined) return emitJson(result);
  process.stdout.write(
    `${evaluationText({ title, report, ordered, patientsKnown, cautions, remarks })}${decision === null ? '' : decisionText(decision)}`,
  );
  if (shown.comparison !== undefined) process.stdout.write(`\n${shown.comparison}\n`);
  if (subgroups !== undefined)
    process.stdout.write(`\n${subgroupsToText(subgroups, { formatTable, patientsKnown })}`);
}

function imageListener(): Pick<ProgressListener, 'onNote' | 'onImages'> {
  const display = createProgressDisplay();
  return { onNote: (text) => display.line(wrapText(text)), onImages: display.stage };
}
