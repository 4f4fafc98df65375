import type { PredictionsData } from '../client/predictionsData.js';
import { html, jsonBlock, type Markup } from '../html/html.js';

/** The predictions for the page's script, and the dialog in which it lists images; nothing if none fit on the page. */
export function predictionsMarkup(data: PredictionsData): Markup {
  if (data.runs.length === 0) return html``;
  return html`<dialog id="list-dialog" aria-labelledby="list-title">
      <div class="bar">
        <h3 id="list-title">Images</h3>
        <button type="button" id="list-close" aria-label="Close">✕</button>
      </div>
      <p class="note" id="list-note"></p>
      <ol id="list-images"></ol>
    </dialog>
    ${jsonBlock('predictions-data', data)}`;
}
