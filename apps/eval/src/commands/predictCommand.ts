import { count, InputError, wrapText } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { type InputImage, labelInputs, listInputs } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import type { Decision } from '@nonlocal-med/metrics';
import {
  decideFiles,
  describeMember,
  describeSeen,
  type ExportedModel,
  findSeenByAny,
  hasTruth,
  type LabeledPrediction,
  memberFolders,
  openDecision,
  openExportedModel,
  optionsOfFlags,
  predictTogether,
  type SeenReport,
  testFiles,
} from '@nonlocal-med/pipeline';
import { evaluationRemarks, resultCautions } from '@nonlocal-med/report';
import {
  type CommandContext,
  createProgressDisplay,
  emitData,
  emitJson,
  exitCodes,
  type ProgressDisplay,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { decisionText, evaluationText } from '../evaluationText.js';
import { averagingText, rejectUnused } from '../options.js';
import { explainPredicted, overlayOptions } from '../predictedOverlays.js';
import {
  failedOf,
  predictionCsv,
  predictionJson,
  type PredictionResult,
  predictionText,
} from '../predictionOutput.js';
import { checkPredictOptions, labelFlags, type PredictOptions } from '../predictOptions.js';

/** `predict`: class probabilities of image files. */
export function predictCommand({ signal }: CommandContext) {
  return async (folder: string, inputs: string[], options: PredictOptions): Promise<void> => {
    checkPredictOptions(options, inputs);
    await useEngine({ backend: options.engine });
    const folders = await memberFolders(
      [folder, ...(options.with ?? [])].map((path) => resolveUserPath(path)),
      options.row,
    );
    const models: ExportedModel[] = [];
    try {
      const precisionNotes = new Set<string>();
      for (const place of folders)
        models.push(
          await openExportedModel(place, {
            precision: options.precision,
            onNote: (note) => precisionNotes.add(note),
          }),
        );
      const [model] = models;
      if (models.length > 1)
        rejectUnused({ '--explain': options.explain }, 'only for a single model');
      const { images, notes } = await listInputs(inputs, {
        from: resolveUserPath('.'),
        fileColumn: options.fileColumn,
        labelColumn: options.labelColumn,
        labelColumns: options.labelColumns,
        ...(model.task === 'multilabel' ? { findings: model.labels } : {}),
      });
      const display = createProgressDisplay();
      [...precisionNotes, ...notes].forEach((note) => display.line(wrapText(note)));
      const explained = await overlayOptions(model, options);
      const result = await predict(models, images, { ...options, notes, display, signal });
      await writeResult(result, options);
      if (explained !== undefined)
        await explainPredicted(model, result, { ...explained, display, signal });
      if (failedOf(result).length > 0 && options.onBadImage === 'fail')
        process.exitCode = exitCodes.wrongInput;
      if (failedOf(result).length === images.length) process.exitCode = exitCodes.wrongInput;
    } finally {
      for (const model of models) model.dispose();
    }
  };
}

interface PredictRequest extends PredictOptions {
  readonly notes: readonly string[];
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

async function predict(
  models: readonly ExportedModel[],
  images: readonly InputImage[],
  { notes, display, signal, ...options }: PredictRequest,
): Promise<PredictionResult> {
  const [model] = models;
  const averaged = averagingText(models.length, options.tta ?? null);
  if (averaged !== '')
    rejectUnused(
      { '--calibrated': options.calibrated && 'true' },
      'not for ensembles and views: the calibration is that of one model',
    );
  const { labels, notes: labelNotes } = readLabels(images, model, options);
  labelNotes.forEach((note) => display.line(wrapText(note)));
  const readable = images.filter(({ problem }) => problem === undefined);
  const results = await predictTogether(
    models,
    readable.map(({ file, frame }) => ({ file, ...(frame === undefined ? {} : { frame }) })),
    {
      batchSize: options.batch,
      tta: options.tta,
      signal,
      onProgress: (done, total) => display.stage('predicting', done, total),
    },
  );
  // Operating points were chosen for the probabilities of one model, not for means.
  const decision =
    averaged === '' ? await openDecision(model, { calibrated: options.calibrated }) : null;
  const decided = decideFiles(results, model.labels, decision);
  const resultOf = new Map(readable.map(({ id }, index) => [id, decided[index]]));
  const named = images.map(({ id, file, group, problem = '' }, index) => ({
    id,
    group,
    ...truthOf(model, labels, index),
    result: resultOf.get(id) ?? { file, reason: problem },
  }));
  const predictions = named.flatMap(({ result, ...image }): LabeledPrediction[] =>
    'facts' in result ? [{ ...result, ...image }] : [],
  );
  const labeled = predictions.some(hasTruth);
  const seen = await findSeenByAny(models, predictions, {
    rereadData: labeled,
    signal,
    onImages: display.stage,
  });
  const useOf = new Map(seen.seen.map(({ id, split }) => [id, split]));
  return {
    model: averaged === '' ? model.name : `${model.name}, ${averaged}`,
    members: await Promise.all(models.map(describeMember)),
    tta: options.tta ?? null,
    task: model.task,
    classes: model.labels,
    images: named.map((image) => ({ ...image, seen: useOf.get(image.id) })),
    seen,
    ...(labeled ? { test: test(model, predictions, { seen, decision, ...options }) } : {}),
    notes: [...notes, ...labelNotes],
  };
}

/** The label of an image, or one label per finding. */
function truthOf(
  { task, labels: { length } }: ExportedModel,
  labels: Int32Array,
  index: number,
): Pick<LabeledPrediction, 'label' | 'findings'> {
  return task === 'multilabel'
    ? { label: -1, findings: [...labels.subarray(index * length, (index + 1) * length)] }
    : { label: labels[index] };
}

/** The true classes or findings of the images, as far as they are known and wanted. */
function readLabels(
  images: readonly InputImage[],
  { task, labels: classes }: ExportedModel,
  options: PredictOptions,
): ReturnType<typeof labelInputs> {
  const { ignoreLabels, folderLabels, includeSeen } = options;
  const perImage = task === 'multilabel' ? classes.length : 1;
  if (ignoreLabels) return { labels: new Int32Array(images.length * perImage).fill(-1), notes: [] };
  const { data = {} } = optionsOfFlags(labelFlags, { ...options }) as {
    data?: Partial<Parameters<typeof labelInputs>[1]>;
  };
  const { labelMap } = data;
  const read = labelInputs(images, { ...data, classes, task, folders: folderLabels });
  if (read.labels.every((label) => label < 0))
    rejectUnused(
      {
        '--include-seen': includeSeen && 'true',
        '--label-map': labelMap && JSON.stringify(labelMap),
      },
      'only with labels: a manifest with a label column, or --folder-labels',
    );
  return read;
}

function test(
  model: ExportedModel,
  predictions: readonly LabeledPrediction[],
  {
    seen,
    decision,
    includeSeen = false,
  }: {
    readonly seen: SeenReport;
    readonly decision: Decision | null;
    readonly includeSeen?: boolean;
  },
): PredictionResult['test'] {
  try {
    return testFiles(model, predictions, { seen, decision, includeSeen });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { noTestBecause: error.message };
  }
}

/** Writes and prints the result as the options say. */
async function writeResult(
  result: PredictionResult,
  { csv, json, keepFormulas }: PredictOptions,
): Promise<void> {
  const printsJson = json === true || json === '-';
  if (csv !== undefined && csv !== '-')
    await writeAtomic(resolveUserPath(csv), predictionCsv(result, { keepFormulas }));
  if (json !== undefined && !printsJson)
    await writeAtomic(
      resolveUserPath(json),
      `${JSON.stringify(predictionJson(result), null, 2)}\n`,
    );
  if (printsJson || csv === '-') {
    if (printsJson) emitJson(predictionJson(result));
    else emitData(predictionCsv(result, { keepFormulas }));
    const failed = failedOf(result);
    if (failed.length > 0)
      process.stderr.write(
        `Not predicted: ${failed.length} of ${count(result.images.length, 'image')}, the first ${failed[0].id}: ${failed[0].reason}\n`,
      );
    return;
  }
  process.stdout.write(`${predictionText(result)}\n${testText(result)}`);
}

function testText({ model, test: tested }: PredictionResult): string {
  if (tested === undefined) return '';
  if ('noTestBecause' in tested) return `\nNot tested: ${tested.noTestBecause}\n`;
  const { report, ordered, seen, decision } = tested;
  return `\n${evaluationText({
    title: model,
    report,
    ordered,
    patientsKnown: false,
    cautions: resultCautions([{ reports: [report] }]),
    remarks: [...describeSeen(seen), ...evaluationRemarks(report, { ordered })],
  })}${decision === null ? '' : decisionText(decision)}`;
}
