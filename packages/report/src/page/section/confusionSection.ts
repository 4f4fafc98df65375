import type { EvaluationReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { weightsTitle } from '../../tables/weightsTitle.js';
import type { PredictionsData } from '../client/predictionsData.js';
import { missingPredictionsNote } from '../decide/missingPredictions.js';
import { html, type Markup } from '../html/html.js';
import { type PageModel, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/**
 * A confusion matrix per model of one of several classes, summed over its repeats.
 * @param options.data the predictions whose images a count can open
 */
export function confusionSection(
  models: readonly PageModel[],
  { choices, data }: { choices: readonly WeightsChoice[]; data: PredictionsData },
): PageSection {
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'confusion',
    title: 'Confusion matrices',
    body: html`<p>
        Rows are true classes, columns are predicted classes. Each cell shows the number of
        images${isRepeated && ' over all repeats'} and its percentage of the row. Correct
        predictions are on the diagonal. Click a number to see its images.
      </p>
      ${weightsPanels(
        choices,
        (weights) =>
          html`<h3 class="print">${weightsTitle[weights]}</h3>
            ${missingPredictionsNote(models, data, weights)}
            <div class="grid wide">${models.map((model) => confusionTable(model, weights))}</div>`,
      )}`,
  };
}

function confusionTable({ title, style, runs }: PageModel, weights: WeightsChoice): Markup {
  const reports = runs.map((run) => resultsWith(run, weights).report as EvaluationReport);
  const { classes } = reports[0];
  const counts = classes.map((_, truth) =>
    classes.map((__, predicted) =>
      reports.reduce((sum, { confusionMatrix }) => sum + confusionMatrix[truth][predicted], 0),
    ),
  );
  return html`<div
    class="scroll ${style.cssClass}"
    tabindex="0"
    role="group"
    data-counts="${weights}"
    data-model="${style.cssClass}"
    data-repeats="${runs.length}"
    aria-label="Confusion matrix of ${title}"
  >
    <table class="confusion">
      <caption>
        <span>${title}, ${weightsTitle[weights]}</span>
      </caption>
      <thead>
        <tr>
          <td></td>
          ${classes.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${classes.map(
          (name, truth) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${counts[truth].map((count, predicted) => countCell(count, { row: counts[truth], classes, truth, predicted }))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

interface CountCell {
  readonly row: readonly number[];
  readonly classes: readonly string[];
  readonly truth: number;
  readonly predicted: number;
}

function countCell(count: number, { row, classes, truth, predicted }: CountCell): Markup {
  const total = row.reduce((sum, other) => sum + other, 0);
  const share = total === 0 ? 0 : count / total;
  return html`<td
    class="${truth === predicted ? 'right' : 'wrong'}"
    style="--share: ${share.toFixed(2)}"
    data-outcome="${truth} ${predicted}"
    data-title="True class ${classes[truth]}, predicted ${classes[predicted]}"
  >
    ${count} <small>${total === 0 ? '' : `${(100 * share).toFixed(0)} %`}</small>
  </td>`;
}
