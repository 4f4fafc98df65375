import type { WeightsChoice } from '@nonlocal-med/runs';
import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsPanels } from '../part/weightsPanels.js';
import { weightsTitle } from '../part/weightsTitle.js';
import { weightsOf } from '../weightsOf.js';

/** Confusion matrices, summed over a model's repeats. */
export function confusionSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const several = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'confusion',
    title: 'Confusion matrices',
    body: html`<p>
        Rows are true classes, columns predicted ones. Each cell has the number of
        images${several && ' in all repeats together'} and its share of the row; the diagonal is
        right.
      </p>
      ${weightsPanels(
        choices,
        (weights) =>
          html`<h3 class="print">${weightsTitle[weights]}</h3>
            <div class="grid wide">${models.map((model) => confusionTable(model, weights))}</div>`,
      )}`,
  };
}

function confusionTable({ title, style, runs }: PageModel, weights: WeightsChoice): Markup {
  const reports = runs.map((run) => weightsOf(run, weights).report);
  const { classes } = reports[0];
  const counts = classes.map((_, truth) =>
    classes.map((__, predicted) =>
      reports.reduce((sum, { confusionMatrix }) => sum + confusionMatrix[truth][predicted], 0),
    ),
  );
  return html`<div
    class="scroll ${style.className}"
    tabindex="0"
    role="group"
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
              ${counts[truth].map((count, predicted) => cell(count, { total: counts[truth].reduce((sum, other) => sum + other, 0), right: truth === predicted }))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(count: number, { total, right }: { total: number; right: boolean }): Markup {
  const share = total === 0 ? 0 : count / total;
  return html`<td class="${right ? 'right' : 'wrong'}" style="--share: ${share.toFixed(2)}">
    ${count} <small>${total === 0 ? '' : `${(100 * share).toFixed(0)} %`}</small>
  </td>`;
}
