import type { ExperimentOutcome } from '@nonlocal-med/experiment';
import { type ExperimentSummary, summarizeExperiment, summaryToText } from '@nonlocal-med/report';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { emitJson, formatTable } from '@nonlocal-med/terminal';
import { writePage } from './writePage.js';

/** Where an experiment is, and what was written of it. */
export interface ShowExperimentOptions {
  readonly folder: string;
  /** Names of its tables' files; none where no run is finished. */
  readonly tables: readonly string[];
  readonly json?: true;
}

/** Prints how the making of an experiment ended: its table as far as it is, with the page that it writes, what is missing, and how to go on. */
export async function showExperiment(
  { reason, failures }: ExperimentOutcome,
  { folder, tables, json }: ShowExperimentOptions,
): Promise<void> {
  const some = tables.length > 0;
  const page = { experiment: folder, weights: 'last' } as const;
  if (json !== undefined) {
    if (some) await writePage(page, { json });
    return emitJson({
      type: 'result',
      reason,
      folder,
      tables,
      failures: failures.map(({ run, failure }) => ({
        row: run.row.key,
        repeat: run.repeat,
        ...failure,
      })),
    });
  }
  if (reason === 'interrupted')
    return void process.stderr.write(
      'Interrupted; checkpoints are written. The same command goes on.\n',
    );
  if (some)
    process.stdout.write(
      `\n${summaryToText(await summaryOf(folder), { formatTable })}\n\nTables: ${join(tables)}\n`,
    );
  if (some) await writePage(page, {});
  const one = failures.length === 1;
  if (failures.length > 0)
    process.stderr.write(
      `${failures.length} ${one ? 'run' : 'runs'} failed; the same command tries ${one ? 'it' : 'them'} again:\n${failures.map(({ run, failure }) => `  ${run.folder}: ${failure.message}`).join('\n')}\n`,
    );
  process.stdout.write(`Experiment: ${folder}\n`);
}

const summaryOf = async (folder: string): Promise<ExperimentSummary> =>
  summarizeExperiment(await readExperimentFolder(folder), { weights: 'last' });

/** `table-last.md, .csv, .tex, .json; table-selected.md, ...`: a name once, then its endings. */
function join(tables: readonly string[]): string {
  const names = [...new Set(tables.map((table) => table.split('.')[0]))];
  return names
    .map(
      (name) =>
        `${name}${tables
          .filter((table) => table.startsWith(`${name}.`))
          .map((table) => `.${table.split('.')[1]}`)
          .join(', ')}`,
    )
    .join('; ');
}
