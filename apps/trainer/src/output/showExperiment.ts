import { join } from 'node:path';
import { commandLine, count, wrapText } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { ExperimentOutcome } from '@nonlocal-med/experiment';
import {
  type ExperimentSummary,
  renderSummary,
  summarizeExperiment,
  summaryToText,
  tableFormats,
} from '@nonlocal-med/report';
import {
  type ExperimentRecord,
  experimentTableFile,
  headlineWeights,
  readExperimentFolder,
  trainedRows,
  writeOutOfFold,
} from '@nonlocal-med/runs';
import { emitJson, formatTable } from '@nonlocal-med/terminal';
import { writePage } from './writePage.js';

/** Where an experiment is and what was written into its folder. */
export interface ShowExperimentOptions {
  readonly folder: string;
  /** The command that continues it; default: the same command. */
  readonly again?: string;
  readonly json?: true;
}

/**
 * Writes the tables, the out-of-fold predictions and the report of an experiment, and prints its result: its table so far,
 * failed runs, and how to continue.
 */
export async function showExperiment(
  { reason, failures }: ExperimentOutcome,
  { folder, again, json }: ShowExperimentOptions,
): Promise<void> {
  const record = await readExperimentFolder(folder);
  const summaries = summarizeWeights(record);
  const tables = await writeTables(folder, summaries);
  const hasResults = tables.length > 0;
  const weights = headlineWeights(record);
  const page = { experiment: folder, weights } as const;
  const outOfFold = await writeOutOfFold(record);
  if (json !== undefined) {
    if (hasResults) await writePage(page, { json });
    return emitJson({
      type: 'result',
      reason,
      folder,
      tables,
      ...(outOfFold.length > 0 ? { outOfFold } : {}),
      failures: failures.map(({ run, failure }) => ({
        row: run.row.key,
        repeat: run.repeat,
        ...failure,
      })),
    });
  }
  if (reason === 'interrupted')
    return void process.stderr.write(
      again === undefined
        ? 'Interrupted; checkpoints are saved. Run the same command to resume.\n'
        : `Interrupted; checkpoints are saved. Continue with:\n${again}\n`,
    );
  if (hasResults) {
    const shown = summaries.find((summary) => summary.weights === weights)!;
    const table = summaryToText(shown, { formatTable });
    process.stdout.write(`\n${table}\n\nTables: ${tableNames(tables)}\n`);
    if (outOfFold.length > 0)
      process.stdout.write(`${wrapText(`Out-of-fold predictions: ${outOfFold.join(', ')}`)}\n`);
    await writePage(page, {});
  }
  if (failures.length > 0) {
    const list = failures.map(({ run, failure }) => `  ${run.folder}: ${failure.message}\n`);
    process.stderr.write(
      `${count(failures.length, 'run')} failed; run ${again ?? 'the same command'} to retry:\n${list.join('')}`,
    );
  }
  if (reason === 'elsewhere')
    process.stdout.write(
      'The remaining runs are being executed by other processes; the last of them completes the table.\n',
    );
  if (!isCrossValidation(record)) return void process.stdout.write(`Experiment: ${folder}\n`);
  process.stdout.write(`Cross-validation: ${folder}\n`);
  if (outOfFold.length > 0)
    process.stdout.write(
      `The models of all folds predict together:\n${commandLine('eval', 'predict', folder, 'IMAGES')}\n`,
    );
}

/** Whether an experiment is one model on the folds of its images. */
const isCrossValidation = (record: ExperimentRecord): boolean =>
  record.manifest.repeats.kind === 'folds' && trainedRows(record).length === 1;

/** `table-last.md, .csv, .tex, .json; table-selected.md, ...`: each name once, with its extensions. */
function tableNames(tables: readonly string[]): string {
  const names = [...new Set(tables.map((table) => table.split('.')[0]))];
  const extensionsOf = (name: string): string =>
    tables
      .filter((table) => table.startsWith(`${name}.`))
      .map((table) => `.${table.split('.')[1]}`)
      .join(', ');
  return names.map((name) => `${name}${extensionsOf(name)}`).join('; ');
}

/**
 * The results with the weights of the last epoch, and of the best checkpoint if there are any; none before the first run
 * has finished. Each takes a bootstrap over all images of every row.
 */
function summarizeWeights(record: ExperimentRecord): ExperimentSummary[] {
  const finished = record.runs.filter(({ state }) => state === 'finished');
  if (finished.length === 0) return [];
  const hasBest = finished.some(({ run }) => run?.metrics?.selected !== undefined);
  return (hasBest ? (['last', 'selected'] as const) : (['last'] as const)).map((weights) =>
    summarizeExperiment(record, { weights }),
  );
}

/**
 * Writes an experiment's tables into its folder in every format.
 * @returns the file names
 */
async function writeTables(
  folder: string,
  summaries: readonly ExperimentSummary[],
): Promise<string[]> {
  const tables: string[] = [];
  for (const summary of summaries)
    for (const format of tableFormats) {
      const name = experimentTableFile(summary.weights, format);
      await writeAtomic(join(folder, name), renderSummary(summary, format));
      tables.push(name);
    }
  return tables;
}
