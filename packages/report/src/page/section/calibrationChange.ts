import { applyCalibration, type MetricEstimate } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { formatEstimate, formatMean } from '../../tables/numberText.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { figureBlock } from '../figure/figureBlock.js';
import { reliabilityPlot, reliabilityPoints } from '../figure/reliabilityPlot.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import { decisionWith, type PageModel, resultsWith } from '../pageModel.js';

const measures = [
  ['calibration error', 'calibrationError'],
  ['Brier score', 'brierScore'],
  ['cross-entropy', 'logLoss'],
] as const;

/** The calibration that was fitted on validation: a table of the test set before and after, and the diagrams after. */
export function calibrationChange(
  models: readonly PageModel[],
  weights: WeightsChoice,
): Markup | false {
  const calibrated = models.filter(({ runs }) =>
    runs.every(({ metrics }) => (decisionWith(metrics, weights)?.after ?? null) !== null),
  );
  if (calibrated.length === 0) return false;
  const title = `Calibration before and after, ${weightsTitle[weights]}`;
  const rows = calibrated.flatMap(({ title: model, runs }) => {
    const reports = runs.map(({ metrics }) => decisionWith(metrics, weights)!);
    const cells = (part: 'before' | 'after'): string[] =>
      measures.map(([, name]) => estimateText(reports.map((report) => report[part]![name])));
    return [
      [model, 'before', ...cells('before')],
      [model, `after (${fittedText(reports)})`, ...cells('after')],
    ];
  });
  return html`<h3>${title}</h3>
    <p>
      The calibration was fitted on the validation set; all numbers are about the test set. Lower is
      better.
    </p>
    ${htmlTable(
      {
        columns: [
          { title: 'model' },
          { title: 'calibration' },
          ...measures.map(([name]) => ({ title: name, align: 'right' as const })),
        ],
        rows,
      },
      { caption: title },
    )}
    <div class="grid">${calibrated.map((model) => diagramAfter(model, weights))}</div>`;
}

/** `0.091 (0.05 to 0.13)`; mean and standard deviation over repeats. */
const estimateText = (estimates: readonly MetricEstimate[]): string =>
  estimates.length === 1
    ? formatEstimate(estimates[0])
    : formatMean(estimates.map(({ value }) => value));

function fittedText(reports: readonly NonNullable<ReturnType<typeof decisionWith>>[]): string {
  const temperatures = reports.flatMap(({ calibration }) =>
    calibration.method === 'temperature' ? [calibration.temperature] : [],
  );
  return temperatures.length === 0
    ? "Platt's sigmoid per finding"
    : `temperature ${formatMean(temperatures, 2)}`;
}

/** The reliability diagram of calibrated probabilities, in the form of those before. */
function diagramAfter({ title, style, runs }: PageModel, weights: WeightsChoice): Markup | false {
  const repeats = runs.flatMap((run) => {
    const { predictions, report } = resultsWith(run, weights);
    const { calibration } = decisionWith(run.metrics, weights)!;
    return 'classes' in predictions
      ? [reliabilityPoints({ report, predictions: applyCalibration(predictions, calibration) })]
      : [];
  });
  if (repeats.length === 0) return false;
  return figureBlock({
    title: `${title}, calibrated`,
    cssClass: style.cssClass,
    plot: reliabilityPlot(repeats, {
      style,
      axes: ['Confidence', 'Accuracy'],
      label: 'Reliability diagram after calibration; the numbers follow as a table',
    }),
    numbers: {
      columns: ['mean confidence', 'accuracy', 'images'].map((column) => ({
        title: column,
        align: 'right' as const,
      })),
      rows: repeats
        .flat()
        .map(({ confidence, accuracy, lower, upper, count }) => [
          confidence.toFixed(3),
          `${accuracy.toFixed(3)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`,
          String(count),
        ]),
    },
  });
}
