import { count } from '@nonlocal-med/core';
import {
  type DecisionReport,
  describeGoal,
  pointText,
  type TestedPoint,
} from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { percentText, thresholdText, validationText } from '../../decision/describeDecision.js';
import { formatMean } from '../../tables/numberText.js';
import type { Table } from '../../tables/table.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import type { PredictionsData } from '../client/predictionsData.js';
import { missingPredictionsNote } from '../decide/missingPredictions.js';
import { thresholdExplorer } from '../figure/thresholdExplorer.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import { intervalBelow } from '../html/intervalBelow.js';
import { decisionWith, hasPatients, type PageModel, type PageRun } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';
import { calibrationChange } from './calibrationChange.js';
import { netBenefitFigures } from './netBenefitFigures.js';

/**
 * Operating points: thresholds that were chosen on validation, with what they achieve on the test set; the calibration
 * before and after; decision curves.
 * @param options.data the predictions that the reader can move the threshold of
 * @returns null if no run has operating points: it has no validation set, or is of an earlier version
 */
export function operatingPointSection(
  models: readonly PageModel[],
  { choices, data }: { choices: readonly WeightsChoice[]; data: PredictionsData },
): PageSection | null {
  const isDecided = ({ metrics }: PageRun, weights: WeightsChoice): boolean =>
    decisionWith(metrics, weights) !== undefined;
  const decided = (weights: WeightsChoice): PageModel[] =>
    models
      .map((model) => ({ ...model, runs: model.runs.filter((run) => isDecided(run, weights)) }))
      .filter(({ runs }) => runs.length > 0);
  if (choices.every((weights) => decided(weights).length === 0)) return null;
  return {
    id: 'operating-points',
    title: 'Operating points',
    body: html`<p>
        A threshold turns a probability into a decision. Each was chosen on the validation set, by
        the rule in the table, and judged on the test set, on which it was not chosen.
        ${hasPatients(models) ? 'Intervals are 95 % bootstrap intervals over whole patients' : "Intervals are Clopper and Pearson's, 95 %"};
        they take the threshold as given. PPV and NPV hold at the share of positives of the test
        set.
      </p>
      ${weightsPanels(choices, (weights) => weightsPart(decided(weights), { weights, data }))}`,
  };
}

function weightsPart(
  models: readonly PageModel[],
  { weights, data }: { weights: WeightsChoice; data: PredictionsData },
): Markup {
  if (models.length === 0) return html`<p>No run has operating points with these weights.</p>`;
  const caption = `Operating points on the test set, ${weightsTitle[weights]}`;
  const cautions = models.flatMap(({ title, runs }) => {
    const report = decisionWith(runs[0].metrics, weights)!;
    return [
      ...report.points.flatMap(({ chosen }) =>
        [chosen.statement, chosen.caution].flatMap((text) =>
          text === undefined ? [] : [`${title}, ${chosen.positive.join('+')}: ${text}`],
        ),
      ),
      ...report.refused.map(
        (point) => `${title}, ${pointText(point)}: no threshold, because ${point.because}.`,
      ),
    ];
  });
  return html`${htmlTable(pointsTable(models, weights), { caption, stacks: true, cell: intervalBelow })}
  ${
    cautions.length > 0 &&
    html`<ul class="note">
      ${cautions.map((text) => html`<li>${text}</li>`)}
    </ul>`
  }
  ${thresholdExplorer(data, weights)}${missingPredictionsNote(models, data, weights)}
  ${calibrationChange(models, weights)}${netBenefitFigures(models, weights)}`;
}

const rates = ['sensitivity', 'specificity', 'ppv', 'npv'] as const;

/** One row per model and rule; a single run has intervals, several have means over repeats. */
function pointsTable(models: readonly PageModel[], weights: WeightsChoice): Table {
  const rows = models.flatMap(({ title, runs }) => {
    const reports = runs.map(({ metrics }) => decisionWith(metrics, weights)!);
    return reports[0].points.map(({ chosen }) => {
      const name = pointText(chosen);
      const points = reports.flatMap((report) =>
        report.points.filter((point) => pointText(point.chosen) === name),
      );
      const cells = [chosen.positive.join('+'), ...pointCells(points, reports)];
      return models.length > 1 ? [title, ...cells] : cells;
    });
  });
  const right = (title: string): Table['columns'][number] => ({ title, align: 'right' });
  return {
    columns: [
      ...(models.length > 1 ? [{ title: 'model' }] : []),
      { title: 'positive' },
      { title: 'chosen for' },
      ...['threshold', 'sensitivity', 'specificity', 'PPV', 'NPV'].map(right),
      { title: 'on validation' },
    ],
    rows,
  };
}

function pointCells(points: readonly TestedPoint[], reports: readonly DecisionReport[]): string[] {
  const [{ chosen, test }] = points;
  const goal = describeGoal(chosen.goal);
  const percent = (fraction: number): string => (100 * fraction).toFixed(1);
  if (points.length > 1)
    return [
      goal,
      formatMean(points.map((point) => point.chosen.threshold)),
      ...rates.map((rate) => formatMean(points.map((point) => point.test[rate].value))),
      `mean of ${count(points.length, 'repeat')}`,
    ];
  return [
    goal,
    thresholdText(chosen.threshold),
    ...rates.map((rate) => percentText(test[rate])),
    `sensitivity ${percent(chosen.sensitivity)} %, specificity ${percent(chosen.specificity)} %, ${validationText(reports[0])}`,
  ];
}
