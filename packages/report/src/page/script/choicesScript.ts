/**
 * Runs in the reader's browser, where its text is put as it stands: what of the page is shown. Refers to nothing outside
 * of itself.
 */
export function choicesScript(): void {
  const all = <T extends Element>(selector: string): T[] => [
    ...document.querySelectorAll<T>(selector),
  ];

  const showWeights = (): void => {
    const chosen = document.querySelector<HTMLInputElement>('input[name="weights"]:checked')?.value;
    if (chosen !== undefined)
      for (const panel of all<HTMLElement>('[data-weights]'))
        panel.hidden = panel.dataset.weights !== chosen;
  };
  const showModels = (): void => {
    const boxes = all<HTMLInputElement>('input[data-model]');
    for (const box of boxes)
      for (const element of all(`main .${box.dataset.model}, main .${box.dataset.model}-detail`))
        element.classList.toggle('off', !box.checked);
    document.body.classList.toggle('crowded', boxes.filter((box) => box.checked).length > 3);
  };
  const showClass = (): void => {
    const chosen =
      document.querySelector<HTMLSelectElement>('select[data-choice="class"]')?.value ?? '';
    for (const figure of all<HTMLElement>('[data-class]')) {
      figure.classList.toggle('other', chosen !== '' && figure.dataset.class !== chosen);
      figure.classList.toggle('single', figure.dataset.class === chosen);
    }
  };

  document.documentElement.classList.add('scripted');
  document.addEventListener('change', () => {
    showWeights();
    showModels();
    showClass();
  });
  showWeights();
  showModels();
  showClass();
}
