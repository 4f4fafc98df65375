import { type DecisionRate, describeGoal, type MetricEstimate } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { thresholdText } from '../../decision/describeDecision.js';
import type { ExperimentSummary } from '../../statistics/experimentSummary.js';
import { decisionWith, type PageModel } from '../pageModel.js';
import { comparedNumbers } from './comparedNumbers.js';
import {
  averageNumber,
  type KeyNumber,
  type NamedAverage,
  percentOf,
  rangeText,
} from './keyNumber.js';

/**
 * The four numbers at the top of the page. Of a single model: its AUC, with the rates at its operating point if it has
 * exactly one, else averages over the classes or findings. Of several: AUCs and their difference.
 */
export function keyNumbers(
  summary: ExperimentSummary,
  { models, weights }: { models: readonly PageModel[]; weights: WeightsChoice },
): KeyNumber[] {
  const rows = summary.rows.filter(({ finished }) => finished > 0);
  if (rows.length > 1) return comparedNumbers(summary, rows);
  const [row] = rows;
  return [
    averageNumber(row, aucOf(summary)),
    ...(ratesAtPoint(models[0], weights) ??
      averages(summary).map((one) => averageNumber(row, one))),
  ];
}

const aucOf = ({ task, classes }: ExperimentSummary): NamedAverage =>
  task === 'multilabel'
    ? { name: 'auc', title: 'Mean AUC', note: `of ${classes.length} findings; guessing: 50 %` }
    : {
        name: 'auc',
        title: 'AUC',
        note: `${classes.length > 2 ? `mean of ${classes.length} classes, each against the others; ` : ''}guessing: 50 %`,
      };

const averages = ({ task }: ExperimentSummary): readonly NamedAverage[] =>
  task === 'multilabel'
    ? [
        { name: 'averagePrecision', title: 'Mean average precision' },
        { name: 'sensitivity', title: 'Mean sensitivity', note: 'mean of the findings' },
        { name: 'specificity', title: 'Mean specificity', note: 'mean of the findings' },
      ]
    : [
        { name: 'sensitivity', title: 'Sensitivity', note: 'mean of the classes' },
        { name: 'specificity', title: 'Specificity', note: 'mean of the classes' },
        { name: 'accuracy', title: 'Accuracy', note: 'images with the right class' },
      ];

/** Rates on the test set at the only operating point of a run; null if there is none, or more than one. */
function ratesAtPoint({ runs }: PageModel, weights: WeightsChoice): KeyNumber[] | null {
  const points = decisionWith(runs[0].metrics, weights)?.points ?? [];
  if (runs.length > 1 || points.length !== 1) return null;
  const [{ chosen, test }] = points;
  const threshold = `threshold ${thresholdText(chosen.threshold)}, chosen on validation for ${describeGoal(chosen.goal)}`;
  const number = (title: string, rate: DecisionRate & MetricEstimate, note: string): KeyNumber => ({
    title,
    value: percentOf(rate.value),
    interval: rate.interval === undefined ? null : rangeText(rate.interval),
    note,
  });
  const name = chosen.positive.join('+');
  return [
    number(`Sensitivity for ${name}`, test.sensitivity, threshold),
    number(
      `Specificity for ${name}`,
      test.specificity,
      `${test.specificity.count} of ${test.specificity.total} others`,
    ),
    number(
      'Positive predictive value',
      test.ppv,
      `${test.ppv.count} of ${test.ppv.total} called ${name}`,
    ),
  ];
}
