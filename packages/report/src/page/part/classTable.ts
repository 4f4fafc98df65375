import type { ClassMetricName } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { htmlTable } from '../html/htmlTable.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import { weightsOf } from '../weightsOf.js';
import { meanText } from './meanText.js';

const SHOWN: readonly (readonly [name: ClassMetricName, title: string])[] = [
  ['auc', 'AUC'],
  ['sensitivity', 'sensitivity'],
  ['specificity', 'specificity'],
  ['precision', 'precision'],
  ['f1', 'F1'],
  ['averagePrecision', 'average precision'],
];

/** Metrics of each class against the rest, by model; mean and deviation over repeats. */
export function classTable(
  models: readonly PageModel[],
  { weights, caption }: { weights: WeightsChoice; caption: string },
): Markup {
  const { classes } = models[0].runs[0].metrics;
  return htmlTable(
    {
      columns: [
        { title: 'model' },
        { title: 'class' },
        ...SHOWN.map(([, title]) => ({ title, align: 'right' as const })),
      ],
      rows: models.flatMap(({ title, runs }) =>
        classes.map((name, index) => [
          title,
          name,
          ...SHOWN.map(([metric]) =>
            meanText(
              runs.map((run) => weightsOf(run, weights).report.perClass[index][metric].value),
            ),
          ),
        ]),
      ),
    },
    { caption },
  );
}
