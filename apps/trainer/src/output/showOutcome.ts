import type { RunOutcome } from '@nonlocal-med/experiment';
import { evaluationTable, transposeTable } from '@nonlocal-med/report';
import { emitJson, formatTable } from '@nonlocal-med/terminal';

/** Prints how a run ended: its test metrics, or how to go on. */
export function showOutcome(outcome: RunOutcome, { json }: { readonly json?: true }): void {
  if (json !== undefined) return emitJson({ type: 'result', ...outcome });
  const { metrics, folder } = outcome;
  if (metrics === undefined) return void process.stderr.write(`Interrupted; a checkpoint is written. Go on with: resume ${folder}\n`);
  const { columns, rows } = transposeTable(evaluationTable([
    ...(metrics.selected === undefined ? [] : [{ name: `epoch ${metrics.selectedEpoch}, chosen`, report: metrics.selected }]),
    { name: `epoch ${metrics.lastEpoch}, last`, report: metrics.last },
  ]));
  process.stdout.write(`\nTest, ${metrics.images.test} images (95 % intervals)\n${formatTable(columns, rows)}\n\nRun: ${folder}\n`);
}
