import { commandLine, count, wrapText } from '@nonlocal-med/core';
import type { RunOutcome } from '@nonlocal-med/pipeline';
import {
  cautionText,
  evaluationRemarks,
  evaluationTable,
  findingTables,
  intervalText,
  operatingLines,
  resultCautions,
  transposeTable,
} from '@nonlocal-med/report';
import { readRun } from '@nonlocal-med/runs';
import { emitJson, formatTable } from '@nonlocal-med/terminal';
import { writePage } from './writePage.js';

/** Prints the result of a run: its test metrics, with the report that it writes, or how to resume it. */
export async function showOutcome(
  outcome: RunOutcome,
  { json }: { readonly json?: true },
): Promise<void> {
  const { metrics, folder, patientsKnown = true, canFold } = outcome;
  const { ordered = false, environment } = metrics === undefined ? {} : await readRun(folder);
  const dataCautions = environment?.data?.cautions;
  const cautions =
    metrics === undefined
      ? []
      : resultCautions([{ reports: [metrics.selected ?? metrics.last], dataCautions }], {
          patientsKnown,
          canFold,
        });
  if (json !== undefined) {
    if (metrics !== undefined) await writePage({ runs: [folder] }, { json });
    return emitJson({ type: 'result', ...outcome, cautions });
  }
  if (metrics === undefined)
    return void process.stderr.write(
      `Interrupted; a checkpoint is saved. Continue with:\n${commandLine('trainer', 'resume', folder)}\n`,
    );
  const best =
    metrics.selected === undefined
      ? []
      : [{ name: `epoch ${metrics.selectedEpoch}, best`, report: metrics.selected }];
  const selected = metrics.selected ?? metrics.last;
  const averages = transposeTable(
    evaluationTable(
      [...best, { name: `epoch ${metrics.lastEpoch}, last`, report: metrics.last }].map(
        (entry) => ({
          ...entry,
          ordered,
        }),
      ),
    ),
  );
  const tables = [averages, ...('findings' in selected ? findingTables(selected) : [])]
    .map(({ columns, rows }) => `${formatTable(columns, rows)}\n`)
    .join('\n');
  const { decision } = metrics;
  const decided = (metrics.selected === undefined ? decision?.last : decision?.selected) ?? null;
  const points = decided === null ? [] : operatingLines(decided);
  const remarks = [...evaluationRemarks(selected, { ordered }), ...points];
  const below = remarks.length === 0 ? '' : `\n${wrapText(remarks.join('\n'))}\n`;
  process.stdout.write(
    `\nResults on ${count(metrics.images.test, 'test image')} ${intervalText(metrics.last, patientsKnown)}\n${cautionText(cautions)}${tables}${below}\nRun: ${folder}\n`,
  );
  await writePage({ runs: [folder] }, {});
}
