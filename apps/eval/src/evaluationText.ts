import { count, wrapText } from '@nonlocal-med/core';
import type { DecisionReport, TaskReport } from '@nonlocal-med/metrics';
import {
  cautionText,
  decisionLines,
  evaluationTable,
  findingTables,
  intervalText,
  type resultCautions,
  type Table,
  transposeTable,
} from '@nonlocal-med/report';
import { formatTable } from '@nonlocal-med/terminal';

/** The metrics of a model on some images, as a table with one row per metric, for findings also tables with one row per finding, and what should be known about them. */
export function evaluationText({
  title,
  report,
  ordered,
  patientsKnown,
  cautions,
  remarks,
}: {
  /** Above the values. */
  readonly title: string;
  readonly report: TaskReport;
  /** Whether the classes are grades with an order. */
  readonly ordered: boolean;
  /** Whether groups of images are patients, rather than copies of an image. */
  readonly patientsKnown: boolean;
  readonly cautions: ReturnType<typeof resultCautions>;
  /** Sentences below the table. */
  readonly remarks: readonly string[];
}): string {
  const format = ({ columns, rows }: Table): string => `${formatTable(columns, rows)}\n`;
  const tables = [
    transposeTable(evaluationTable([{ name: title, report, ordered }])),
    ...('findings' in report ? findingTables(report) : []),
  ];
  const below = remarks.length === 0 ? '' : `\n${wrapText(remarks.join('\n'))}\n`;
  return `Results on ${count(report.samples, 'image')} ${intervalText(report, patientsKnown)}\n${cautionText(cautions)}${tables.map(format).join('\n')}${below}`;
}

/** The operating points and the calibration of a model, below its metrics. */
export function decisionText(decision: DecisionReport): string {
  return `\nOperating points\n${wrapText(decisionLines(decision).join('\n'))}\n`;
}
