import { join } from 'node:path';
import { commandLine } from '@nonlocal-med/core';
import {
  demonstrationConfig,
  demonstrationModels,
  type DemonstrationResult,
  runDemonstration,
} from '@nonlocal-med/pipeline';
import {
  cautionText,
  comparisonTable,
  describeComparison,
  evaluationTable,
  resultCautions,
  transposeTable,
} from '@nonlocal-med/report';
import {
  type CommandContext,
  emitJson,
  formatDuration,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import type { DemonstrationOptions } from '../options/demonstrationOptions.js';
import { createRunDisplay } from '../output/runDisplay.js';
import { writePage } from '../output/writePage.js';

/** Trains the baseline and the method on built-in synthetic images, and prints them side by side. */
export async function demonstrate(
  { out, json, ...options }: DemonstrationOptions,
  { signal }: CommandContext,
): Promise<void> {
  const folder = resolveUserPath(out ?? join('runs', `demonstration-${timestamp(new Date())}`));
  const began = performance.now();
  // Wrong options are reported before the first line of output.
  demonstrationConfig(demonstrationModels[0], options);
  if (json === undefined)
    process.stderr.write(
      `Tiny lesions: ${options.images} synthetic fundus images, 60 % for training;\nthe grade is the number of dots, which are 1.5 to 4 pixels wide.\n`,
    );
  const result = await runDemonstration({
    folder,
    ...options,
    signal,
    listener: (model) =>
      createRunDisplay({
        json,
        label: model,
        number: demonstrationModels.indexOf(model as never) + 1,
        of: demonstrationModels.length,
      }),
  });
  const page = { runs: result.runs.map((run) => run.folder), file: join(folder, 'report.html') };
  if (json !== undefined) {
    if (result.comparison !== undefined) await writePage(page, { json });
    return emitJson({ type: 'result', ...result, cautions: demonstrationCautions(result) });
  }
  if (result.comparison === undefined)
    return void process.stderr.write(
      `Interrupted; a checkpoint is saved. Continue this model with:\n${commandLine('trainer', 'resume', result.runs.at(-1)!.folder)}\n`,
    );
  process.stdout.write(
    `\n${demonstrationText(result)}\n\nTook ${formatDuration((performance.now() - began) / 1000)}. Runs: ${folder}\n`,
  );
  await writePage(page, {});
}

const timestamp = (date: Date): string =>
  date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');

/** What to know before believing the results, as for any other run; none for models that were not tested. */
function demonstrationCautions({ runs }: DemonstrationResult): string[] {
  return resultCautions(
    runs.map(({ model, metrics }) => ({
      title: model,
      reports: metrics === undefined ? [] : [metrics.last],
    })),
  );
}

/** Both models side by side, and whether their difference is significant. */
function demonstrationText(result: DemonstrationResult): string {
  const { runs, comparison } = result;
  const [baseline, method] = runs;
  const names = [baseline.model, method.model] as const;
  const evaluations = transposeTable(
    evaluationTable(
      runs.map(({ model, metrics, seconds }) => ({
        name: `${model}, ${formatDuration(seconds)}`,
        report: metrics!.last,
        ordered: true,
      })),
    ),
  );
  const difference = comparisonTable(names, comparison!, { ordered: true });
  return [
    `Results on ${comparison!.samples} held-out test images (95 % intervals)`,
    `${cautionText(demonstrationCautions(result))}${formatTable(evaluations.columns, evaluations.rows)}`,
    '',
    'Difference on the same test images',
    formatTable(difference.columns, difference.rows),
    '',
    describeComparison(names, comparison!),
  ].join('\n');
}
