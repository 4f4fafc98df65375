import type { ImageList, ListedImage } from './imageList.js';
import type { PredictedRun, PredictionsData } from './predictionsData.js';

/** Turns the counts of confusion matrices and of findings into buttons that list their images. */
export function startCells(data: PredictionsData, list: ImageList): void {
  for (const cell of document.querySelectorAll<HTMLElement>('[data-outcome]')) {
    const { model, counts, repeats } = cell.closest<HTMLElement>('[data-counts]')!.dataset;
    const runs = data.runs.filter((run) => run.series === model && run.weights === counts);
    // The page may have no room for the predictions of all repeats.
    if (runs.length !== Number(repeats)) continue;
    const images = runs.flatMap((run) => imagesOf(cell, data, run));
    if (images.length === 0) continue;
    const title = cell.dataset.title!;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'cell';
    // What is seen comes first, so that it can be spoken to open it.
    const seen = cell.textContent.trim().replaceAll(/\s+/g, ' ');
    button.setAttribute('aria-label', `${seen}: ${title}`);
    button.append(...cell.childNodes);
    button.addEventListener('click', () => list.open(title, images));
    cell.append(button);
  }
}

/** The images of a cell, those that the model was surest of first. */
function imagesOf(
  { dataset }: HTMLElement,
  data: PredictionsData,
  run: PredictedRun,
): ListedImage[] {
  const { ids, labels } = data.sets[run.set];
  const width = data.classes.length;
  const [row, column] = dataset.outcome!.split(' ').map(Number);
  const threshold = Number(dataset.threshold);
  return ids
    .map((id, image) => {
      const probabilities = run.probabilities.slice(image * width, (image + 1) * width);
      const shown = data.ofFindings
        ? Number(dataset.finding)
        : probabilities.indexOf(Math.max(...probabilities));
      const probability = probabilities[shown];
      const isMember = data.ofFindings
        ? labels[image * width + shown] === row && Number(probability >= threshold) === column
        : labels[image] === row && shown === column;
      return { id, repeat: run.repeat, probability, isMember, name: data.classes[shown] };
    })
    .filter(({ isMember }) => isMember)
    .sort((a, b) =>
      data.ofFindings && column === 0
        ? a.probability - b.probability
        : b.probability - a.probability,
    )
    .map(({ id, repeat, probability, name }) => ({
      id,
      repeat,
      text: `${name} ${(100 * probability).toFixed(1)}\u00a0%`,
    }));
}
