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
import { withExternalRows } from '@nonlocal-med/runs';
import { type CommandContext, formatTable, resolveUserPath } from '@nonlocal-med/terminal';
import { experimentOf, readExperiments, readOperands, readRows } from '../comparedRows.js';
import type { CompareOptions } from '../compareOptions.js';

/** `compare`: runs with the same test images, or the table of an experiment. */
export function compareCommand(_context: CommandContext) {
  return async (
    first: string,
    others: readonly string[],
    options: CompareOptions,
  ): Promise<void> => {
    const format = formatOf(options);
    const text = await compareOperands([first, ...others], { ...options, format });
    if (options.out === undefined) return void process.stdout.write(text);
    await writeAtomic(resolveUserPath(options.out), text);
    process.stderr.write(`Written: ${options.out}\n`);
  };
}

async function compareOperands(
  operands: readonly string[],
  { weights, format, ensembles, tta, common }: CompareOptions,
): Promise<string> {
  const rows = await readOperands(operands);
  const experiment = experimentOf(rows);
  if (experiment !== undefined) {
    const { folders, sources } = experiment;
    const { record, weights: shown } = await readExperiments(folders, { ensembles, tta });
    const summary = summarizeExperiment(await withExternalRows(record, sources, { common }), {
      weights: weights ?? shown,
    });
    return format === undefined
      ? `${summaryToText(summary, { formatTable })}\n`
      : renderSummary(summary, format);
  }
  const comparison = compareRunRecords(await readRows(rows, { ensembles, tta, common }), {
    weights,
  });
  return format === undefined
    ? `${runsToText(comparison, { formatTable })}\n`
    : renderRuns(comparison, format);
}

function formatOf({ format, json, out }: CompareOptions): TableFormat | undefined {
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
