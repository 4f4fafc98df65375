import { labeledPredictions } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { formatMean } from '../../tables/numberText.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { figureBlock } from '../figure/figureBlock.js';
import { reliabilityPlot, reliabilityPoints } from '../figure/reliabilityPlot.js';
import { html, type Markup } from '../html/html.js';
import { hasPatients, type PageModel, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/** A reliability diagram per model, with its calibration error and Brier score. */
export function calibrationSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'calibration',
    title: 'Calibration',
    body: html`<p>
        Are predictions made with 80 % confidence right 80 % of the time? They are if the dots lie
        on the diagonal; dots below it show that the model is overconfident. Larger dots stand for
        more images.
        ${isRepeated ? 'Each repeat is a separate line.' : `Whiskers are 95 % confidence intervals (Wilson)${hasPatients(models) ? ', which count images, not patients' : ''}.`}
      </p>
      ${weightsPanels(
        choices,
        (weights) =>
          html`<h3 class="print">${weightsTitle[weights]}</h3>
            <div class="grid">${models.map((model) => modelFigure(model, weights))}</div>`,
      )}`,
  };
}

function modelFigure({ title, style, runs }: PageModel, weights: WeightsChoice): Markup {
  const results = runs.map((run) => resultsWith(run, weights));
  const repeats = results.map(({ predictions }) =>
    reliabilityPoints(labeledPredictions(predictions)),
  );
  return figureBlock({
    title,
    cssClass: style.cssClass,
    note: html`calibration error
    ${formatMean(results.map(({ report }) => report.calibration.expected))}, Brier score
    ${formatMean(results.map(({ report }) => report.metrics.brierScore.value))}`,
    plot: reliabilityPlot(repeats, {
      style,
      label: 'Reliability diagram: accuracy by confidence; the numbers follow as a table',
    }),
    numbers: {
      columns: [
        ...(runs.length > 1 ? [{ title: 'repeat', align: 'right' as const }] : []),
        ...['mean confidence', 'accuracy', 'images'].map((column) => ({
          title: column,
          align: 'right' as const,
        })),
      ],
      rows: repeats.flatMap((points, index) =>
        points.map(({ confidence, accuracy, lower, upper, count }) => [
          ...(runs.length > 1 ? [String(runs[index].repeat + 1)] : []),
          confidence.toFixed(3),
          `${accuracy.toFixed(3)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`,
          String(count),
        ]),
      ),
    },
  });
}
