import {
  decide,
  decisionRates,
  ratePercent,
  scoredImages,
  thresholdDigits,
  thresholdSteps,
} from './decide.js';
import { tableRow } from './decisionRow.js';
import type { ImageList } from './imageList.js';
import type { PredictionsData } from './predictionsData.js';

/** Lets the reader move the threshold of every explorer on the page. */
export function startOperatingPoints(data: PredictionsData, list: ImageList): void {
  for (const explorer of document.querySelectorAll<HTMLElement>('.explorer'))
    startExplorer(explorer, data, list);
}

function startExplorer(explorer: HTMLElement, data: PredictionsData, list: ImageList): void {
  const part = <T extends Element>(name: string): T =>
    explorer.querySelector<T>(`[data-part="${name}"]`)!;
  const slider = part<HTMLInputElement>('threshold');
  const choice = part<HTMLSelectElement>('point');
  let shown = select();

  function select() {
    const [runIndex, pointIndex] = choice.value.split(' ').map(Number);
    const run = data.runs[runIndex];
    const stored = run.points![pointIndex];
    const images = scoredImages(data, run, stored);
    return { run, stored, images, ...thresholdSteps(images, stored.threshold) };
  }

  function restore(): void {
    slider.max = String(shown.thresholds.length - 1);
    slider.value = String(shown.storedStep);
    render();
  }

  function render(): void {
    const { run, stored, images, thresholds, storedStep } = shown;
    const step = Number(slider.value);
    const threshold = thresholds[step];
    const rows = decide(data, images, { ...stored, threshold });
    const rates = decisionRates(rows);
    const text = `${thresholdDigits(threshold)}${step === storedStep ? ', as stored' : ''}`;
    part('value').textContent = text;
    slider.setAttribute('aria-valuetext', `threshold ${text}; ${ratesText(rates)}`);
    part<HTMLButtonElement>('stored').disabled = step === storedStep;
    part('rows').replaceChildren(...rows.map((row) => tableRow(row, { data, run, list })));
    rates.forEach((rate) => {
      part(rate.name).textContent = ratePercent(rate);
      part(`${rate.name} images`).textContent = `${rate.count} of ${rate.total}`;
    });
  }

  slider.addEventListener('input', render);
  choice.addEventListener('change', () => {
    shown = select();
    restore();
  });
  part('stored').addEventListener('click', restore);
  restore();
}

const ratesText = (rates: ReturnType<typeof decisionRates>): string =>
  rates
    .slice(0, 2)
    .map((rate) => `${rate.name.toLowerCase()} ${ratePercent(rate)}`)
    .join(', ');
