import type { WeightsChoice } from '@nonlocal-med/runs';
import { listOf } from '../../statistics/resultCautions.js';
import type { PredictionsData } from '../client/predictionsData.js';
import { html, type Markup } from '../html/html.js';
import type { PageModel } from '../pageModel.js';

/**
 * Says of which models the page does not hold every prediction, so that it cannot list their images or move their
 * threshold, and where the predictions are; nothing if it holds all.
 * @param data what fitted into the page
 */
export function missingPredictionsNote(
  models: readonly PageModel[],
  data: PredictionsData,
  weights: WeightsChoice,
): Markup {
  const missing = models.filter(({ style, runs }) => {
    const held = data.runs.filter(
      (run) => run.series === style.cssClass && run.weights === weights,
    );
    return held.length < runs.length;
  });
  if (missing.length === 0) return html``;
  return html`<p class="note">
    This page has no room for the test predictions of ${listOf(missing.map(({ title }) => title))}:
    their numbers do not open images, and their threshold cannot be moved. Each image's
    probabilities are in the predictions files of the run folders.
  </p>`;
}
