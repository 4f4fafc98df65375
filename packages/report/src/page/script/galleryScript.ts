import type { GalleryData, ImageData, MapData } from '../gallery/galleryData.js';

/**
 * Runs in the reader's browser, where its text is put as it stands: filters, sorts and opens the gallery's images.
 * Refers to nothing outside of itself.
 */
export function galleryScript(): void {
  const block = document.getElementById('gallery-data');
  if (block === null) return;
  const { classes, layers, models, images, repeat } = JSON.parse(
    block.textContent ?? '',
  ) as GalleryData;
  const list = document.getElementById('gallery-list')!;
  const dialog = document.getElementById('gallery-dialog') as HTMLDialogElement;
  const cards = [...list.children] as HTMLElement[];
  const control = (name: string): HTMLInputElement =>
    document.getElementById(`gallery-${name}`) as HTMLInputElement;
  const part = (inside: Element, name: string): HTMLImageElement =>
    inside.querySelector(`.${name}`)!;
  const percent = (value: number): string =>
    `${(100 * value).toFixed(value > 0.995 || value < 0.005 ? 1 : 0)}\u00a0%`;
  const modelLayers = models.map((_, index) =>
    [
      ...new Set(
        images.flatMap((image) => image.entries[index]?.maps.map(({ layer }) => layer) ?? []),
      ),
    ].sort((a, b) => a - b),
  );
  const views = [...dialog.querySelectorAll('.view')];
  let shown: number[] = [];
  let open = 0;

  const model = (): number => Number(control('model').value);
  const entryOf = (image: ImageData, index = model()): ImageData['entries'][number] =>
    image.entries[index];
  const isRight = (image: ImageData, index = model()): boolean | null =>
    entryOf(image, index) === null ? null : entryOf(image, index)!.predicted === image.label;
  const confidence = (image: ImageData): number =>
    entryOf(image)?.probabilities[entryOf(image)!.predicted] ?? -1;
  const ofTruth = (image: ImageData): number => entryOf(image)?.probabilities[image.label] ?? -1;

  /** The chosen layer, or the last one that the model has where it lacks that. */
  const layerOf = (index: number): number =>
    modelLayers[index].includes(Number(control('layer').value))
      ? Number(control('layer').value)
      : (modelLayers[index].at(-1) ?? -1);

  /** The map at that layer for the chosen class, or for another where there is none. */
  const mapOf = (image: ImageData, index = model()): MapData | undefined => {
    const entry = entryOf(image, index);
    const maps = entry?.maps.filter((map) => map.layer === layerOf(index)) ?? [];
    const wanted = control('of').value;
    const target =
      wanted === 'truth' ? image.label : wanted === 'predicted' ? entry?.predicted : Number(wanted);
    return maps.find((map) => map.class === target) ?? maps[0];
  };

  const outcomes: Record<string, (image: ImageData) => boolean> = {
    all: () => true,
    right: (image) => isRight(image) === true,
    wrong: (image) => isRight(image) === false,
    apart: (image) =>
      new Set(models.map((_, index) => isRight(image, index)).filter((right) => right !== null))
        .size > 1,
  };
  const passes = (image: ImageData): boolean => {
    const { value: label } = control('class');
    const least = Number(control('least').value) / 100;
    const most = Number(control('most').value) / 100;
    const sure = confidence(image);
    return (
      (label === '' || image.label === Number(label)) &&
      outcomes[control('outcome').value](image) &&
      (entryOf(image) === null ? least <= 0 : sure >= least && sure <= most)
    );
  };
  const orders: Record<string, (image: ImageData) => number> = {
    given: () => 0,
    sure: (image) => -confidence(image),
    unsure: confidence,
    truth: ofTruth,
    energy: (image) => -(mapOf(image)?.energy ?? -1),
  };

  const paint = (inside: Element, image: ImageData, index = model()): void => {
    const map = mapOf(image, index);
    const overlay = part(inside, 'map');
    overlay.hidden = map === undefined;
    if (map !== undefined) overlay.src = map.source;
    const mask = inside.querySelector<HTMLImageElement>('.mask');
    if (mask !== null) mask.hidden = !control('mask').checked;
  };
  const verdict = (image: ImageData, index = model()): string => {
    const entry = entryOf(image, index);
    if (entry === null) return 'not explained';
    const sure = percent(entry.probabilities[entry.predicted]);
    return isRight(image, index) === true
      ? `✓ ${classes[entry.predicted]}, ${sure}`
      : `✗ ${classes[entry.predicted]}, ${sure}; is ${classes[image.label]}`;
  };

  const render = (): void => {
    const order = orders[control('sort').value];
    shown = images
      .map((_, index) => index)
      .filter((index) => passes(images[index]))
      .sort((a, b) => order(images[a]) - order(images[b]) || a - b);
    const places = new Map(shown.map((index, place) => [index, place]));
    cards.forEach((card, index) => {
      card.hidden = !places.has(index);
      if (card.hidden) return;
      paint(card, images[index]);
      part(card, 'verdict').textContent = verdict(images[index]);
      card.classList.toggle('wrong', isRight(images[index]) === false);
    });
    list.append(...shown.map((index) => cards[index]));
    control('count').textContent = `${shown.length} of ${images.length} images`;
    const layer = layerOf(model());
    control('note').textContent =
      layer < 0 || layer === Number(control('layer').value)
        ? ''
        : `${models[model()]} has no layer ${layers[Number(control('layer').value)]}: maps are of ${layers[layer]}.`;
    document.documentElement.style.setProperty(
      '--overlay',
      String(Number(control('opacity').value) / 100),
    );
    if (dialog.open) fill();
  };

  const score = (value: number | null | undefined): string =>
    typeof value === 'number' ? value.toFixed(2) : '-';
  const scoreRow = (image: ImageData, index: number): HTMLTableRowElement => {
    const row = document.createElement('tr');
    const map = mapOf(image, index);
    const entry = entryOf(image, index);
    const head = document.createElement('th');
    head.scope = 'row';
    const choose = document.createElement('button');
    choose.type = 'button';
    choose.className = 'link';
    choose.textContent = models[index];
    choose.setAttribute('aria-pressed', String(index === model()));
    choose.addEventListener('click', () => {
      control('model').value = String(index);
      render();
      // The rows are new ones: whoever uses a keyboard stays where they were.
      dialog.querySelector<HTMLElement>('#dialog-rows [aria-pressed="true"]')?.focus();
    });
    head.append(choose);
    row.append(head);
    row.classList.toggle('current', index === model());
    const scores: Record<string, string> = {
      pointing: map?.pointing === undefined ? '-' : map.pointing > 0 ? 'hit' : 'miss',
      energy: score(map?.energy),
      overlap: score(map?.overlap),
      deletion: score(map?.deletion),
      insertion: score(map?.insertion),
    };
    const columns = [...dialog.querySelectorAll<HTMLElement>('[data-score]')].map(
      (head) => scores[head.dataset.score!],
    );
    const values = [
      verdict(image, index),
      entry === null ? '-' : percent(entry.probabilities[image.label]),
      ...columns,
    ];
    values.forEach((value, column) => {
      const cell = row.insertCell();
      cell.textContent = value;
      cell.className = column > 0 ? 'number' : 'said';
    });
    return row;
  };

  /** The image alone (no model), or with a model's map. */
  const fillView = (view: Element, image: ImageData, index: number | null): void => {
    const card = cards[open];
    const map = index === null ? undefined : mapOf(image, index);
    const what =
      index === null
        ? 'Image as the network got it'
        : map === undefined
          ? `${models[index]}: no map`
          : `${models[index]}, layer ${layers[map.layer]}, for ${classes[map.class]}`;
    const mask = card.querySelector<HTMLImageElement>('.mask');
    part(view, 'picture').src = part(card, 'picture').src;
    part(view, 'picture').alt =
      index === null ? part(card, 'picture').alt : `Where the model looked: ${what}`;
    if (index !== null) paint(view, image, index);
    if (mask !== null) part(view, 'mask').src = mask.src;
    part(view, 'mask').hidden = mask === null || !control('mask').checked;
    view.querySelector('figcaption')!.textContent = what;
  };

  const fill = (): void => {
    const image = images[open];
    document.getElementById('dialog-title')!.textContent = image.id;
    document.getElementById('dialog-place')!.textContent = shown.includes(open)
      ? `${shown.indexOf(open) + 1} of ${shown.length}`
      : '';
    views.forEach((view, place) =>
      fillView(
        view,
        image,
        place === 0 ? null : views.length === models.length + 1 ? place - 1 : model(),
      ),
    );
    document
      .getElementById('dialog-rows')!
      .replaceChildren(...models.map((_, index) => scoreRow(image, index)));
    control('dialog-opacity').value = control('opacity').value;
    control('dialog-mask').checked = control('mask').checked;
  };

  const step = (by: number): void => {
    if (shown.length === 0) return;
    open = shown[(shown.indexOf(open) + by + shown.length) % shown.length];
    fill();
  };

  const show = (index: number): void => {
    open = index;
    dialog.showModal();
    fill();
  };

  /** Images named elsewhere on the page open too. */
  for (const name of document.querySelectorAll<HTMLElement>('[data-image]')) {
    const index =
      Number(name.dataset.repeat) === repeat
        ? images.findIndex(({ id }) => id === name.dataset.image)
        : -1;
    if (index < 0) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = name.textContent;
    button.addEventListener('click', () => show(index));
    name.replaceChildren(button);
  }
  list.addEventListener('click', (event) => {
    const card = (event.target as Element).closest<HTMLElement>('.card');
    if (card !== null) show(cards.indexOf(card));
  });
  dialog.addEventListener('keydown', (event) => {
    if ((event.target as Element).matches('input, select')) return;
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
  });
  control('close').addEventListener('click', () => dialog.close());
  control('previous').addEventListener('click', () => step(-1));
  control('next').addEventListener('click', () => step(1));
  control('dialog-opacity').addEventListener('input', () => {
    control('opacity').value = control('dialog-opacity').value;
    render();
  });
  control('dialog-mask').addEventListener('change', () => {
    control('mask').checked = control('dialog-mask').checked;
    render();
  });
  document.getElementById('gallery-controls')!.addEventListener('input', render);
  render();
}
