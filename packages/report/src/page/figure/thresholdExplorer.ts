import type { WeightsChoice } from '@nonlocal-med/runs';
import {
  decide,
  decisionRates,
  type DecisionRow,
  ratePercent,
  scoredImages,
  thresholdDigits,
} from '../client/decide.js';
import type { PredictionsData } from '../client/predictionsData.js';
import { html, type Markup } from '../html/html.js';

/**
 * A threshold that the reader can move: the decisions at the first stored operating point as a table, which the page's
 * script recomputes for any other threshold, model and point.
 * @returns nothing if the page has no predictions with operating points for these weights
 */
export function thresholdExplorer(data: PredictionsData, weights: WeightsChoice): Markup {
  const choices = data.runs.flatMap(({ weights: of, points = [], model }, runIndex) =>
    of === weights ? points.map((point, p) => ({ runIndex, p, model, point })) : [],
  );
  if (choices.length === 0) return html``;
  const [{ runIndex, point }] = choices;
  const run = data.runs[runIndex];
  const rows = decide(data, scoredImages(data, run, point), point);
  const isCompared = new Set(choices.map(({ model }) => model)).size > 1;
  const id = `threshold-${weights}`;
  return html`<div class="explorer" role="group" aria-labelledby="${id}-title">
    <h3 id="${id}-title">Try another threshold</h3>
    <p>
      Move the threshold and see whom the model would call positive. The stored threshold was chosen
      on the validation set; one that is chosen here is chosen on the test images themselves, and
      its rates are too good. To use another threshold, have it chosen on validation
      (<code>--operating-point</code>).
    </p>
    <div class="explorer-grid">
      <div class="explorer-controls controls">
        <label
          >Decision
          <select data-part="point">
            ${choices.map(({ runIndex: r, p, model, point: { positive, goal } }) => html`<option value="${r} ${p}">${isCompared && `${model}: `}${positive.map((c) => data.classes[c]).join('+')}, ${goal}</option>`)}
          </select></label
        >
        <label class="slider"
          >Threshold
          <output data-part="value">${thresholdDigits(point.threshold)}, as stored</output>
          <input type="range" data-part="threshold" min="0" max="1000" step="1" value="500"
        /></label>
        <button type="button" data-part="stored" disabled>Back to the stored threshold</button>
      </div>
      <div>
        <table class="confusion">
          <caption class="hidden">
            Decisions on the test images at this threshold
          </caption>
          <thead>
            <tr>
              <td></td>
              <th scope="col">called positive</th>
              <th scope="col">not called</th>
            </tr>
          </thead>
          <tbody data-part="rows">
            ${rows.map(rowMarkup)}
          </tbody>
        </table>
      </div>
      <dl class="rates">
        ${decisionRates(rows).map(
          (rate) =>
            html`<div>
              <dt>${rate.name}</dt>
              <dd>
                <strong data-part="${rate.name}">${ratePercent(rate)}</strong>
                <small data-part="${rate.name} images">${rate.count} of ${rate.total}</small>
              </dd>
            </div> `,
        )}
      </dl>
    </div>
  </div>`;
}

function rowMarkup({ name, isPositive, called, notCalled }: DecisionRow): Markup {
  const total = called.length + notCalled.length;
  const cell = (count: number, isRight: boolean): Markup =>
    html`<td
      class="${isRight ? 'right' : 'wrong'}"
      style="--share: ${total === 0 ? 0 : count / total}"
    >
      ${count}
    </td>`;
  return html`<tr>
    <th scope="row">${name}</th>
    ${cell(called.length, isPositive)}${cell(notCalled.length, !isPositive)}
  </tr> `;
}
