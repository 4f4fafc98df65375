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
import {
  isExperimentFolder,
  readExperimentFolder,
  readRun,
  type RunRecord,
  type WeightsChoice,
} from '@nonlocal-med/runs';
import { type CommandContext, formatTable, resolveUserPath } from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import { weightsOption } from '../options.js';

/** Parsed command-line options. */
interface Options {
  readonly weights?: WeightsChoice;
  readonly format?: TableFormat;
  readonly out?: string;
  readonly json?: true;
}

/** `compare`: runs with the same test images, or the table of an experiment. */
export function compareCommand(_context: CommandContext): Command {
  return new Command('compare')
    .description(
      'Compare each run with the first by paired tests on the same test images, or print the table of an experiment with its statistics.',
    )
    .argument('<run-or-experiment>', 'folder of a tested run or of an experiment')
    .argument('[runs...]', 'folders of more runs')
    .addOption(
      weightsOption('last for an experiment, selected for runs that all have a best checkpoint'),
    )
    .addOption(
      new Option(
        '--format <md|csv|tex|json>',
        'Markdown, CSV in full precision, LaTeX or JSON; default: by the extension of --out, else text',
      ).choices(tableFormats),
    )
    .option('--out <file>', 'write to a file instead of the terminal')
    .addOption(new Option('--json', 'print JSON, like --format json').conflicts('format'))
    .action(async (first: string, others: readonly string[], options: Options) => {
      const format = formatOf(options);
      const text = await compareFolders(
        [first, ...others].map((path) => resolveUserPath(path)),
        { weights: options.weights, format },
      );
      if (options.out === undefined) return void process.stdout.write(text);
      await writeAtomic(resolveUserPath(options.out), text);
      process.stderr.write(`Written: ${options.out}\n`);
    });
}

async function compareFolders(
  folders: readonly string[],
  { weights, format }: { readonly weights?: WeightsChoice; readonly format?: TableFormat },
): Promise<string> {
  const experiments = await Promise.all(folders.map(isExperimentFolder));
  if (experiments.includes(true) && folders.length > 1)
    throw new InputError({
      path: folders[experiments.indexOf(true)],
      message: 'an experiment cannot be combined with other folders',
      hint: 'one experiment, or several runs',
    });
  if (experiments[0]) {
    const summary = summarizeExperiment(await readExperimentFolder(folders[0]), { weights });
    return format === undefined
      ? `${summaryToText(summary, { formatTable })}\n`
      : renderSummary(summary, format);
  }
  const runs: RunRecord[] = [];
  for (const folder of folders) runs.push(await readRun(folder));
  const comparison = compareRunRecords(runs, { weights });
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
