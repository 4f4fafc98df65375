import type { ClassMetricName } from '@nonlocal-med/metrics';
import { oneVsRest, reportedMetric, type TaskReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { formatPercent } from '../../tables/numberText.js';
import { type PageModel, resultsWith } from '../pageModel.js';

/**
 * What a single run gets right and wrong, in one sentence; empty for several models or repeats, whose sentences compare them.
 */
export function plainVerdict(models: readonly PageModel[], weights: WeightsChoice): string[] {
  if (models.length > 1 || models[0].runs.length > 1) return [];
  const { report } = resultsWith(models[0].runs[0], weights);
  return 'findings' in report ? findingsVerdictText(report) : classesVerdictText(report);
}

function classesVerdictText(report: TaskReport): string[] {
  const { value } = reportedMetric(report, 'accuracy');
  const classes = oneVsRest(report).filter(({ positives }) => positives > 0);
  if (value === null || classes.length < 2) return [];
  const total = classes.reduce((sum, { positives }) => sum + positives, 0);
  const [worst, best] = extremes(classes, 'sensitivity');
  const found = ({ positives, sensitivity }: (typeof classes)[number]): string =>
    `${Math.round(sensitivity.value! * positives)} of ${positives}`;
  return [
    `It puts ${Math.round(value * total)} of ${total} test images into the right class. ${worst.name} is found least often (${found(worst)} images), ${best.name} most often (${found(best)}).`,
  ];
}

function findingsVerdictText(report: TaskReport): string[] {
  const findings = oneVsRest(report).filter(({ auc }) => auc.value !== null);
  if (findings.length < 2) return [];
  const [worst, best] = extremes(findings, 'auc');
  const auc = ({ auc: { value } }: (typeof findings)[number]): string =>
    `AUC ${formatPercent(value, 1)} %`;
  return [`${best.name} is recognized best (${auc(best)}), ${worst.name} worst (${auc(worst)}).`];
}

/** The members with the lowest and the highest value. */
function extremes<T extends Readonly<Record<'sensitivity' | 'auc', { value: number | null }>>>(
  members: readonly T[],
  metric: Extract<ClassMetricName, 'sensitivity' | 'auc'>,
): [lowest: T, highest: T] {
  const sorted = [...members].sort((a, b) => (a[metric].value ?? 0) - (b[metric].value ?? 0));
  return [sorted[0], sorted.at(-1)!];
}
