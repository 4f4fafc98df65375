import { type DecisionRow, thresholdDigits } from './decide.js';
import type { ImageList } from './imageList.js';
import type { PredictedRun, PredictionsData } from './predictionsData.js';

/** What the images of a row belong to, and where they are listed. */
interface RowContext {
  readonly data: PredictionsData;
  readonly run: PredictedRun;
  readonly list: ImageList;
}

/** A row of the decisions at a threshold; its numbers open their images. */
export function tableRow(row: DecisionRow, { data, run, list }: RowContext): HTMLTableRowElement {
  const element = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.textContent = row.name;
  element.append(head);
  const total = row.called.length + row.notCalled.length;
  for (const [images, isCalled] of [
    [row.called, true],
    [row.notCalled, false],
  ] as const) {
    const cell = element.insertCell();
    cell.className = isCalled === row.isPositive ? 'right' : 'wrong';
    cell.style.setProperty('--share', String(total === 0 ? 0 : images.length / total));
    const content = `${images.length}`;
    if (images.length === 0) {
      cell.textContent = content;
      continue;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'cell';
    button.textContent = content;
    const title = `${row.name}, ${isCalled ? 'called positive' : 'not called positive'}`;
    button.setAttribute('aria-label', `${images.length} images: ${title}`);
    button.addEventListener('click', () =>
      list.open(
        title,
        // The least expected first: missed ones with the lowest score, false alarms with the highest.
        [...images]
          .sort(
            (a, b) =>
              (isCalled === row.isPositive ? a.score - b.score : 0) ||
              (isCalled ? b.score - a.score : a.score - b.score),
          )
          .map(({ image, score }) => ({
            id: data.sets[run.set].ids[image],
            repeat: run.repeat,
            text: `score ${thresholdDigits(score)}`,
          })),
      ),
    );
    cell.append(button);
  }
  return element;
}
