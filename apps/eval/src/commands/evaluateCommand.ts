import { InputError, type Predictions } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { useEngine } from '@nonlocal-med/engine';
import { type EvaluationReport, predictionsToCsv } from '@nonlocal-med/metrics';
import {
  evaluateModel,
  evaluateRun,
  openExportedModel,
  type ProgressListener,
} from '@nonlocal-med/pipeline';
import { cautionText, evaluationTable, resultCautions, transposeTable } from '@nonlocal-med/report';
import { isRunFolder, type WeightsChoice } from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import {
  type Backend,
  BEST_WEIGHTS,
  engineOption,
  rejectUnused,
  weightsOption,
} from '../options.js';

/** Parsed command-line options. */
interface Options {
  readonly data?: string;
  readonly labelColumn?: string;
  readonly onBadImage?: 'fail' | 'skip';
  readonly weights?: WeightsChoice;
  readonly engine?: Backend;
  readonly predictions?: string;
  readonly json?: true;
}

/** `evaluate`: a run on its test set, or a model on a data set. */
export function evaluateCommand({ signal }: CommandContext): Command {
  return new Command('evaluate')
    .description(
      'Evaluate a run on its test set, which reproduces its metrics exactly, or a model on another data set with --data.',
    )
    .argument('<run-or-model>', 'folder of a run or of an exported model')
    .option(
      '--data <path>',
      'folder with one subfolder per class, or CSV manifest; all of its images are tested',
    )
    .option('--label-column <name>', 'column of the class in a CSV manifest')
    .addOption(
      new Option('--on-bad-image <fail|skip>', 'stop at an unreadable image, or skip it').choices([
        'fail',
        'skip',
      ]),
    )
    .addOption(weightsOption(BEST_WEIGHTS))
    .addOption(engineOption('the backend of the run, or auto for a model'))
    .option('--predictions <file>', 'write ids, labels and probabilities per class as CSV')
    .option('--json', 'print JSON')
    .action(async (path: string, options: Options) => {
      const folder = resolveUserPath(path);
      if (options.data === undefined && (await isRunFolder(folder)))
        return evaluateOnTestSet(folder, options, signal);
      return evaluateOnData(folder, options, signal);
    });
}

async function evaluateOnTestSet(
  folder: string,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const { labelColumn, onBadImage } = options;
  rejectUnused({ '--label-column': labelColumn, '--on-bad-image': onBadImage }, 'only with --data');
  const { predictions, report, ordered, weights, epoch, reproduced } = await evaluateRun({
    folder,
    weights: options.weights,
    engine: options.engine,
    signal,
    ...imageListener(),
  });
  const remarks = {
    null: 'The run has no metrics.json to compare with.',
    true: "Identical to the run's metrics.json in every digit.",
    false:
      "DIFFERENT from the run's metrics.json: the backend, number of threads, machine or\nfiles have changed.",
  };
  await show(
    {
      title: `epoch ${epoch} (${weights})`,
      predictions,
      report,
      ordered,
      remark: remarks[`${reproduced}`],
    },
    { ...options, extra: { weights, epoch, repeated: reproduced } },
  );
}

async function evaluateOnData(
  folder: string,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  rejectUnused(
    { '--weights': options.weights },
    'only for a run on its test set; an exported model has the weights of the best checkpoint',
  );
  await useEngine({ backend: options.engine });
  const model = await openExportedModel(folder);
  try {
    if (options.data === undefined)
      throw new InputError({
        path: '--data',
        message: 'missing',
        hint: 'images to evaluate an exported model on',
      });
    const data = {
      path: resolveUserPath(options.data),
      labelColumn: options.labelColumn,
      onBadImage: options.onBadImage,
    };
    const { predictions, report, ordered } = await evaluateModel(model, data, {
      signal,
      ...imageListener(),
    });
    await show({ title: model.name, predictions, report, ordered }, options);
  } finally {
    model.dispose();
  }
}

interface Result {
  readonly title: string;
  readonly predictions: Predictions;
  readonly report: EvaluationReport;
  readonly ordered: boolean;
  readonly remark?: string;
}

/** Prints the metrics, and writes the predictions if requested. */
async function show(
  { title, predictions, report, ordered, remark }: Result,
  { extra, predictions: file, json }: Options & { readonly extra?: object },
): Promise<void> {
  if (file !== undefined) await writeAtomic(resolveUserPath(file), predictionsToCsv(predictions));
  const images = predictions.ids.length;
  const cautions = resultCautions([{ reports: [report] }]);
  if (json !== undefined)
    return emitJson({ ...extra, images, classes: predictions.classes, report, cautions });
  const { columns, rows } = transposeTable(evaluationTable([{ name: title, report, ordered }]));
  process.stdout.write(
    `Results on ${images} images (95 % intervals)\n${cautionText(cautions)}${formatTable(columns, rows)}\n${remark === undefined ? '' : `\n${remark}\n`}`,
  );
}

function imageListener(): Pick<ProgressListener, 'onNote' | 'onImages'> {
  const display = createProgressDisplay();
  return { onNote: display.line, onImages: display.stage };
}
