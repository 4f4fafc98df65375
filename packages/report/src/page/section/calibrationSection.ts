import { labeledPredictions } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { reliabilityPlot } from '../figure/reliabilityPlot.js';
import { reliabilityPoints } from '../figure/reliabilityPoints.js';
import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import { figureBlock } from '../part/figureBlock.js';
import { meanText } from '../part/meanText.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsPanels } from '../part/weightsPanels.js';
import { weightsTitle } from '../part/weightsTitle.js';
import { weightsOf } from '../weightsOf.js';

/** Do probabilities come true: a reliability diagram a model. */
export function calibrationSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const several = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'calibration',
    title: 'Calibration',
    body: html`<p>
        Of the images a model is, say, 80 % sure of, are 80 % right? Dots on the diagonal say yes,
        below it the model is too sure. Dots are as large as their share of the
        images${several ? '; each repeat is a line of its own' : '; whiskers are 95 % intervals (Wilson)'}.
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
  const chosen = runs.map((run) => weightsOf(run, weights));
  const repeats = chosen.map(({ predictions }) =>
    reliabilityPoints(labeledPredictions(predictions)),
  );
  return figureBlock({
    title,
    className: style.className,
    note: html`calibration error
    ${meanText(chosen.map(({ report }) => report.calibration.expected))}, Brier score
    ${meanText(chosen.map(({ report }) => report.metrics.brierScore.value))}`,
    plot: reliabilityPlot(repeats, {
      style,
      label: 'Reliability diagram: share right by confidence; the numbers follow as a table',
    }),
    numbers: {
      columns: [
        ...(runs.length > 1 ? [{ title: 'repeat', align: 'right' as const }] : []),
        ...['mean confidence', 'share right', 'images'].map((column) => ({
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
