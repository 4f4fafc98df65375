import type { TaskReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { formatMean } from '../../tables/numberText.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { figureBlock } from '../figure/figureBlock.js';
import { reliabilityPlot, reliabilityPoints } from '../figure/reliabilityPlot.js';
import { html, type Markup } from '../html/html.js';
import { hasFindings, hasPatients, type PageModel, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/** A reliability diagram per model, and per finding if there are findings, with calibration error and Brier score. */
export function calibrationSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  const ofFindings = hasFindings(models);
  const findings = ofFindings ? models[0].runs[0].metrics.classes.map((_, f) => f) : [undefined];
  return {
    id: 'calibration',
    title: 'Calibration',
    body: html`<p>
        ${ofFindings ? FINDINGS_TEXT : CLASSES_TEXT} Larger dots stand for more images.
        ${isRepeated ? 'Each repeat is a separate line.' : `Whiskers are 95 % confidence intervals (Wilson)${hasPatients(models) ? ', which count images, not patients' : ''}.`}
      </p>
      ${weightsPanels(
        choices,
        (weights) =>
          html`<h3 class="print">${weightsTitle[weights]}</h3>
            <div class="grid">
              ${findings.map((finding) => models.map((model) => modelFigure(model, { weights, finding })))}
            </div>`,
      )}`,
  };
}

const CLASSES_TEXT =
  'Are predictions made with 80 % confidence right 80 % of the time? They are if the dots lie on the diagonal; dots below it show that the model is overconfident.';

const FINDINGS_TEXT =
  'Do 80 % of the images with a probability of 80 % show the finding? They do if the dots lie on the diagonal; dots below it show that the probability is too high. The selection of a finding above applies here, too.';

/** Expected calibration error and Brier score of a report, or of one of its findings. */
function scoresOf(
  report: TaskReport,
  finding: number | undefined,
): { readonly error: number | null; readonly brier: number | null } {
  const { calibration, brierScore } =
    'findings' in report
      ? report.perFinding[finding!]
      : { calibration: report.calibration, brierScore: report.metrics.brierScore };
  return { error: calibration.expected, brier: brierScore.value };
}

function modelFigure(
  { title, style, runs }: PageModel,
  { weights, finding }: { weights: WeightsChoice; finding: number | undefined },
): Markup {
  const results = runs.map((run) => resultsWith(run, weights));
  const repeats = results.map((result) => reliabilityPoints(result, finding));
  const scores = results.map(({ report }) => scoresOf(report, finding));
  const ofFinding = finding === undefined ? undefined : runs[0].metrics.classes[finding];
  const [x, y] = ofFinding === undefined ? ['confidence', 'accuracy'] : ['probability', 'share'];
  return figureBlock({
    title: ofFinding === undefined ? title : `${ofFinding}, ${title}`,
    cssClass: style.cssClass,
    classIndex: finding,
    note: html`calibration error ${formatMean(scores.map(({ error }) => error))}, Brier score
    ${formatMean(scores.map(({ brier }) => brier))}`,
    plot: reliabilityPlot(repeats, {
      style,
      label: `Reliability diagram: ${y} by ${x}; the numbers follow as a table`,
      axes:
        ofFinding === undefined
          ? ['Confidence', 'Accuracy']
          : ['Probability of the finding', 'Share of images with it'],
    }),
    numbers: {
      columns: [
        ...(runs.length > 1 ? [{ title: 'repeat', align: 'right' as const }] : []),
        ...[`mean ${x}`, y, 'images'].map((column) => ({
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
