import { InputError, type Predictions, throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { useEngine } from '@nonlocal-med/engine';
import { type EvaluationReport, predictionsToCsv } from '@nonlocal-med/metrics';
import {
  evaluateModel,
  evaluateRun,
  openExportedModel,
  type ProgressListener,
} from '@nonlocal-med/pipeline';
import { evaluationTable, transposeTable } from '@nonlocal-med/report';
import { isRunFolder, type WeightsChoice } from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';

interface Options {
  readonly data?: string;
  readonly labelColumn?: string;
  readonly onBadImage?: 'fail' | 'skip';
  readonly weights?: WeightsChoice;
  readonly engine?: 'auto' | 'native' | 'wasm';
  readonly predictions?: string;
  readonly json?: true;
}

/** `evaluate`: a run on its own test side, or a model on a data set. */
export function evaluateCommand({ signal }: CommandContext): Command {
  return new Command('evaluate')
    .description(
      'Evaluate a run on its own test images (repeats its metrics exactly), or a model on another data set with --data.',
    )
    .argument('<run-or-model>', 'folder of a run or of an exported model')
    .option(
      '--data <path>',
      'a folder with one folder a class, or a CSV manifest; all of it is tested on',
    )
    .option('--label-column <name>', 'CSV: the column of the class')
    .addOption(
      new Option(
        '--on-bad-image <fail|skip>',
        'stop at an unreadable image, or leave it out',
      ).choices(['fail', 'skip']),
    )
    .addOption(
      new Option('--weights <selected|last>', "a run's chosen epoch or its last").choices([
        'selected',
        'last',
      ]),
    )
    .addOption(
      new Option(
        '--engine <auto|native|wasm>',
        "where the numbers run; default: a run's own engine, else auto",
      ).choices(['auto', 'native', 'wasm']),
    )
    .option('--predictions <file>', 'write id, truth and one probability a class as CSV')
    .option('--json', 'print JSON')
    .action(async (place: string, options: Options) => {
      const folder = resolveUserPath(place);
      if (options.data === undefined && (await isRunFolder(folder)))
        return evaluateOwn(folder, options, signal);
      return evaluateOn(folder, options, signal);
    });
}

async function evaluateOwn(folder: string, options: Options, signal: AbortSignal): Promise<void> {
  refuseUnused(options, ['labelColumn', 'onBadImage'], 'with --data');
  const { predictions, report, recorded, weights, epoch } = await evaluateRun({
    folder,
    weights: options.weights,
    engine: options.engine,
    signal,
    ...imageListener(),
  });
  const repeated = recorded === null ? null : JSON.stringify(recorded) === JSON.stringify(report);
  const said =
    recorded === null
      ? 'The run has no metrics.json to compare with.'
      : repeated
        ? "Equal to the run's metrics.json, to the last digit."
        : "NOT equal to the run's metrics.json: another engine, thread count or machine, or changed files.";
  await show(
    { title: `epoch ${epoch} (${weights})`, predictions, report, said },
    { ...options, extra: { weights, epoch, repeated } },
  );
}

async function evaluateOn(folder: string, options: Options, signal: AbortSignal): Promise<void> {
  refuseUnused(
    options,
    ['weights'],
    'for a run on its own test images; a run exports the weights of its chosen epoch',
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
    const { predictions, report } = await evaluateModel(model, data, {
      signal,
      ...imageListener(),
    });
    await show({ title: model.name, predictions, report }, options);
  } finally {
    model.dispose();
  }
}

async function show(
  result: { title: string; predictions: Predictions; report: EvaluationReport; said?: string },
  options: Options & { extra?: object },
): Promise<void> {
  if (options.predictions !== undefined)
    await writeAtomic(resolveUserPath(options.predictions), predictionsToCsv(result.predictions));
  if (options.json !== undefined)
    return emitJson({
      ...options.extra,
      images: result.predictions.ids.length,
      classes: result.predictions.classes,
      report: result.report,
    });
  const { columns, rows } = transposeTable(
    evaluationTable([{ name: result.title, report: result.report }]),
  );
  process.stdout.write(
    `${result.predictions.ids.length} images (95 % intervals)\n${formatTable(columns, rows)}\n${result.said === undefined ? '' : `\n${result.said}\n`}`,
  );
}

/** An option that would change nothing is a misunderstanding. */
function refuseUnused(
  options: Options,
  names: readonly ('weights' | 'labelColumn' | 'onBadImage')[],
  hint: string,
): void {
  const flags = {
    weights: '--weights',
    labelColumn: '--label-column',
    onBadImage: '--on-bad-image',
  };
  throwIssues(
    names
      .filter((name) => options[name] !== undefined)
      .map((name) => ({
        path: flags[name],
        message: `got "${options[name]}", which is not used here`,
        hint,
      })),
  );
}

function imageListener(): Pick<ProgressListener, 'onNote' | 'onImages'> {
  const display = createProgressDisplay();
  return { onNote: display.line, onImages: display.stage };
}
