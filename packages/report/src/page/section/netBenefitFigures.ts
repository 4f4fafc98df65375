import {
  applyCalibration,
  type BinarySamples,
  binarySamples,
  decisionCurve,
  type DecisionCurvePoint,
} from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { formatDifference } from '../../tables/numberText.js';
import { figureBlock } from '../figure/figureBlock.js';
import { netBenefitPlot, type NetBenefitSeries } from '../figure/netBenefitPlot.js';
import { html, type Markup } from '../html/html.js';
import { decisionWith, type PageModel, type PageRun, resultsWith } from '../pageModel.js';

/** Fewer than those of a report, because a page has many curves. */
const RESAMPLES = 500;
/** The table of numbers has every tenth threshold. */
const TABLE_STEP = 10;

/** Decision curves of the models, one plot for each class or finding that they decide about. */
export function netBenefitFigures(
  models: readonly PageModel[],
  weights: WeightsChoice,
): Markup | false {
  const { points } = decisionWith(models[0].runs[0].metrics, weights)!;
  const wanted = [
    ...new Map(points.map(({ chosen }) => [chosen.positive.join('+'), chosen.positive])),
  ];
  const figures = wanted.flatMap(([name, positive]) => {
    const figure = netBenefitFigure(models, { name, positive, weights });
    return figure === null ? [] : [figure];
  });
  if (figures.length === 0) return false;
  return html`<h3>Decision curves</h3>
    <p>
      The net benefit (Vickers and Elkin 2006) counts true positives per image, minus the false
      positives weighted by how harmful they are at a threshold probability. The model is worth
      using where its curve is above 0 (treating nobody) and the dotted line (treating everybody).
      Bands are 95 % pointwise bootstrap intervals; several repeats are averaged.
    </p>
    <div class="grid">${figures}</div>`;
}

function netBenefitFigure(
  models: readonly PageModel[],
  {
    name,
    positive,
    weights,
  }: { readonly name: string; readonly positive: readonly string[]; weights: WeightsChoice },
): Markup | null {
  const samples = models.map(({ runs }) =>
    runs
      .map((run) => samplesOf(run, positive, weights))
      .filter(({ labels }) => labels.includes(1) && labels.includes(0)),
  );
  const series = models.flatMap(({ title, style }, m): (NetBenefitSeries & { title: string })[] =>
    samples[m].length === 0
      ? []
      : [{ title, style, points: meanCurve(samples[m]), hasBand: samples[m].length === 1 }],
  );
  if (series.length === 0) return null;
  const [{ labels }] = samples.flat();
  const positives = labels.filter((label) => label === 1).length;
  const title = `Net benefit, ${name}`;
  return figureBlock({
    title,
    note: `${positives} of ${labels.length} test images are positive`,
    plot: netBenefitPlot(series, {
      prevalence: positives / labels.length,
      label: 'Decision curve; the numbers follow as a table',
    }),
    numbers: {
      columns: [
        { title: 'threshold', align: 'right' },
        ...series.map(({ title: model }) => ({ title: model, align: 'right' as const })),
        { title: 'treat all', align: 'right' },
      ],
      rows: series[0].points
        .map((point, index) => ({ point, index }))
        .filter(({ index }) => (index + 1) % TABLE_STEP === 0)
        .map(({ point, index }) => [
          point.threshold.toFixed(2),
          ...series.map(({ points }) => benefitText(points[index].model)),
          formatDifference({ difference: point.treatAll.estimate, lower: null, upper: null }),
        ]),
    },
  });
}

const benefitText = ({ estimate, lower, upper }: DecisionCurvePoint['model']): string =>
  formatDifference({ difference: estimate, lower, upper });

function samplesOf(
  run: PageRun,
  positive: readonly string[],
  weights: WeightsChoice,
): BinarySamples {
  const { predictions } = resultsWith(run, weights);
  const { calibrated, calibration } = decisionWith(run.metrics, weights)!;
  return binarySamples(
    calibrated ? applyCalibration(predictions, calibration) : predictions,
    positive,
  );
}

/** The decision curve of one run with its band, or the mean over several without one. */
function meanCurve(repeats: readonly BinarySamples[]): DecisionCurvePoint[] {
  const resamples = repeats.length === 1 ? RESAMPLES : 1;
  const [first, ...others] = repeats.map((samples) => decisionCurve(samples, { resamples }));
  if (others.length === 0) return first;
  const mean = (values: readonly (number | null)[]): DecisionCurvePoint['model'] => ({
    estimate: values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length,
    lower: null,
    upper: null,
  });
  const curves = [first, ...others];
  return first.map(({ threshold }, index) => ({
    threshold,
    model: mean(curves.map((curve) => curve[index].model.estimate)),
    treatAll: mean(curves.map((curve) => curve[index].treatAll.estimate)),
    gain: mean(curves.map((curve) => curve[index].gain.estimate)),
  }));
}
