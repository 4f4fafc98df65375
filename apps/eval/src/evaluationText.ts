import { count } from '@nonlocal-med/core';
import type { EvaluationReport } from '@nonlocal-med/metrics';
import {
  cautionText,
  evaluationTable,
  type resultCautions,
  transposeTable,
} from '@nonlocal-med/report';
import { formatTable } from '@nonlocal-med/terminal';

/** The metrics of a model on some images, as a table with one row per metric, and what should be known about them. */
export function evaluationText({
  title,
  report,
  ordered,
  cautions,
  remarks,
}: {
  /** Above the values. */
  readonly title: string;
  readonly report: EvaluationReport;
  /** Whether the classes are grades with an order. */
  readonly ordered: boolean;
  readonly cautions: ReturnType<typeof resultCautions>;
  /** Sentences below the table. */
  readonly remarks: readonly string[];
}): string {
  const { columns, rows } = transposeTable(evaluationTable([{ name: title, report, ordered }]));
  const unit = report.bootstrap?.grouped === true ? ', patients resampled' : '';
  return `Results on ${count(report.samples, 'image')} (95 % intervals${unit})\n${cautionText(cautions)}${formatTable(columns, rows)}\n${remarks.length === 0 ? '' : `\n${remarks.join('\n')}\n`}`;
}
