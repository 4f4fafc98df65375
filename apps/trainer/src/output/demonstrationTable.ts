import type { DemonstrationResult } from '@nonlocal-med/pipeline';
import {
  comparisonTable,
  describeComparison,
  evaluationTable,
  transposeTable,
} from '@nonlocal-med/report';
import { formatDuration, formatTable } from '@nonlocal-med/terminal';

/** The demonstration's two models side by side, and what the difference is worth. */
export function demonstrationTable({ runs, comparison }: DemonstrationResult): string {
  const [baseline, method] = runs;
  const names = [baseline.model, method.model] as const;
  const evaluations = transposeTable(
    evaluationTable(
      runs.map(({ model, metrics, seconds }) => ({
        name: `${model}, ${formatDuration(seconds)}`,
        report: metrics!.last,
      })),
    ),
  );
  const difference = comparisonTable(names, comparison!);
  return [
    `Test on ${comparison!.samples} images the models have not seen (95 % intervals)`,
    formatTable(evaluations.columns, evaluations.rows),
    '',
    'On the same test images',
    formatTable(difference.columns, difference.rows),
    '',
    describeComparison(names, comparison!),
  ].join('\n');
}
