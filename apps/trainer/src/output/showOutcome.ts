import type { RunOutcome } from '@nonlocal-med/pipeline';
import { evaluationTable, transposeTable } from '@nonlocal-med/report';
import { emitJson, formatTable } from '@nonlocal-med/terminal';
import { writePage } from './writePage.js';

/** Prints how a run ended: its test metrics, with the page that it writes, or how to go on. */
export async function showOutcome(
  outcome: RunOutcome,
  { json }: { readonly json?: true },
): Promise<void> {
  const { metrics, folder } = outcome;
  if (json !== undefined) {
    if (metrics !== undefined) await writePage({ runs: [folder] }, { json });
    return emitJson({ type: 'result', ...outcome });
  }
  if (metrics === undefined)
    return void process.stderr.write(
      `Interrupted; a checkpoint is written. Go on with: resume ${folder}\n`,
    );
  const { columns, rows } = transposeTable(
    evaluationTable([
      ...(metrics.selected === undefined
        ? []
        : [{ name: `epoch ${metrics.selectedEpoch}, chosen`, report: metrics.selected }]),
      { name: `epoch ${metrics.lastEpoch}, last`, report: metrics.last },
    ]),
  );
  process.stdout.write(
    `\nTest, ${metrics.images.test} images (95 % intervals)\n${formatTable(columns, rows)}\n\nRun: ${folder}\n`,
  );
  await writePage({ runs: [folder] }, {});
}
