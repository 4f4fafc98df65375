/** Shows the weights, models and class that the reader chooses. */
export function startChoices(): void {
  document.documentElement.classList.add('scripted');
  document.addEventListener('change', showChoices);
  showChoices();
}

function showChoices(): void {
  showWeights();
  showModels();
  showClass();
}

function showWeights(): void {
  const chosen = document.querySelector<HTMLInputElement>('input[name="weights"]:checked')?.value;
  if (chosen === undefined) return;
  for (const panel of document.querySelectorAll<HTMLElement>('[data-weights]'))
    panel.hidden = panel.dataset.weights !== chosen;
}

/** Hides the models that are not checked; with more than three shown, bands and single repeats are hidden too. */
function showModels(): void {
  const boxes = [...document.querySelectorAll<HTMLInputElement>('input[data-model]')];
  for (const { dataset, checked } of boxes) {
    const ofModel = `main .${dataset.model}, main .${dataset.model}-detail`;
    for (const element of document.querySelectorAll(ofModel))
      element.classList.toggle('off', !checked);
  }
  const shown = boxes.filter(({ checked }) => checked).length;
  document.body.classList.toggle('crowded', shown > 3);
}

function showClass(): void {
  const chosen =
    document.querySelector<HTMLSelectElement>('select[data-choice="class"]')?.value ?? '';
  for (const figure of document.querySelectorAll<HTMLElement>('[data-class]')) {
    figure.classList.toggle('other', chosen !== '' && figure.dataset.class !== chosen);
    figure.classList.toggle('single', figure.dataset.class === chosen);
  }
}
