import { extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import {
  compareRunRecords,
  renderRuns,
  renderSummary,
  runsToText,
  summarizeExperiment,
  summaryToText,
  type TableFormat,
  tableFormats,
} from '@nonlocal-med/report';
import { readExperimentFolder, type WeightsChoice, withExternalRows } from '@nonlocal-med/runs';
import { type CommandContext, formatTable, resolveUserPath } from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import { experimentOf, readOperands, readRows } from '../comparedRows.js';
import { weightsOption } from '../options.js';

/** Parsed command-line options. */
interface Options {
  readonly weights?: WeightsChoice;
  readonly format?: TableFormat;
  readonly out?: string;
  readonly json?: true;
  readonly ensembles?: true;
  readonly common?: true;
}

/** `compare`: runs with the same test images, or the table of an experiment. */
export function compareCommand(_context: CommandContext): Command {
  return new Command('compare')
    .description(
      'Compare each run with the first by paired tests on the same test images, or print the table of an experiment with its statistics. Predictions made elsewhere are rows like any other.',
    )
    .argument('<run-or-experiment>', 'folder of a tested run or of an experiment')
    .argument(
      '[rows...]',
      'folders of more runs, and files of predictions made elsewhere: FILE.csv, NAME=FILE.csv, or NAME=A.csv,B.csv for readers (docs/any-system.md)',
    )
    .addOption(
      weightsOption('last for an experiment, selected for runs that all have a best checkpoint'),
    )
    .addOption(
      new Option(
        '--format <md|csv|tex|json>',
        'Markdown, CSV in full precision, LaTeX or JSON; default: by the extension of --out, else text',
      ).choices(tableFormats),
    )
    .option(
      '--ensembles',
      'add a row for the mean of the probabilities of the repeats of each row, or of the runs',
    )
    .option('--common', 'compare on the test images that all have; other images are left out')
    .option('--out <file>', 'write to a file instead of the terminal')
    .addOption(new Option('--json', 'print JSON, like --format json').conflicts('format'))
    .action(async (first: string, others: readonly string[], options: Options) => {
      const format = formatOf(options);
      const text = await compareOperands([first, ...others], { ...options, format });
      if (options.out === undefined) return void process.stdout.write(text);
      await writeAtomic(resolveUserPath(options.out), text);
      process.stderr.write(`Written: ${options.out}\n`);
    });
}

async function compareOperands(
  operands: readonly string[],
  { weights, format, ensembles, common }: Options,
): Promise<string> {
  const rows = await readOperands(operands);
  const experiment = experimentOf(rows);
  if (experiment !== undefined) {
    const { folder, sources } = experiment;
    const record = await readExperimentFolder(folder, { ensembles });
    const summary = summarizeExperiment(await withExternalRows(record, sources, { common }), {
      weights,
    });
    return format === undefined
      ? `${summaryToText(summary, { formatTable })}\n`
      : renderSummary(summary, format);
  }
  const comparison = compareRunRecords(await readRows(rows, { ensembles, common }), { weights });
  return format === undefined
    ? `${runsToText(comparison, { formatTable })}\n`
    : renderRuns(comparison, format);
}

function formatOf({ format, json, out }: Options): TableFormat | undefined {
  if (json !== undefined) return 'json';
  if (format !== undefined || out === undefined) return format;
  const extension = tableFormats.find((known) => `.${known}` === extname(out));
  if (extension === undefined)
    throw new InputError({
      path: '--out',
      message: `got "${out}", whose extension is not a known format`,
      hint: `a name that ends with .${tableFormats.join(', .')}, or --format`,
    });
  return extension;
}
