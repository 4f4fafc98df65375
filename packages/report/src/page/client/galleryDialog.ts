import type { ImageData } from './galleryData.js';
import { control, formatProbability, type GallerySelection, part } from './gallerySelection.js';

/** What the large view needs of the gallery. */
export interface DialogOptions {
  readonly selection: GallerySelection;
  /** One per image. */
  readonly cards: readonly HTMLElement[];
  /** Indices of the images in the gallery, in its order. */
  readonly shownImages: () => readonly number[];
  /** Called when a control of the large view has changed one of the gallery. */
  readonly onChange: () => void;
}

/** The large view of an image: the image, its maps and the predictions of all models. */
export interface GalleryDialog {
  readonly open: (image: number) => void;
  /** Shows the current state of the controls. */
  readonly update: () => void;
}

export function createDialog({
  selection,
  cards,
  shownImages,
  onChange,
}: DialogOptions): GalleryDialog {
  const { images, models } = selection;
  const dialog = document.getElementById('gallery-dialog') as HTMLDialogElement;
  const rows = document.getElementById('dialog-rows')!;
  const views = [...dialog.querySelectorAll('.view')];
  const isOneViewPerModel = views.length === models.length + 1;
  let current = 0;

  function fill(): void {
    const image = images[current];
    const shown = shownImages();
    document.getElementById('dialog-title')!.textContent = image.id;
    document.getElementById('dialog-position')!.textContent = shown.includes(current)
      ? `${shown.indexOf(current) + 1} of ${shown.length}`
      : '';
    const [imageView, ...mapViews] = views;
    fillImage(imageView, cards[current]);
    mapViews.forEach((view, index) =>
      fillMap(view, cards[current], {
        image,
        selection,
        model: isOneViewPerModel ? index : selection.model(),
      }),
    );
    rows.replaceChildren(...models.map((_, model) => predictionRow(image, model)));
    control('dialog-opacity').value = control('opacity').value;
    control('dialog-mask').checked = control('mask').checked;
  }

  function predictionRow(image: ImageData, model: number): HTMLTableRowElement {
    const row = document.createElement('tr');
    const isChosen = model === selection.model();
    row.classList.toggle('current', isChosen);
    const head = document.createElement('th');
    head.scope = 'row';
    const choose = document.createElement('button');
    choose.type = 'button';
    choose.className = 'link';
    choose.textContent = models[model];
    choose.setAttribute('aria-pressed', String(isChosen));
    choose.addEventListener('click', () => {
      control('model').value = String(model);
      onChange();
      // The rows have been replaced: give the focus back to the button of the same model.
      rows.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    });
    head.append(choose);
    row.append(head);
    const columns = [...dialog.querySelectorAll<HTMLElement>('[data-score]')];
    rowTexts(image, { model, selection, columns }).forEach((text, column) => {
      const cell = row.insertCell();
      cell.textContent = text;
      cell.className = column === 0 ? 'prediction' : 'number';
    });
    return row;
  }

  function step(by: number): void {
    const shown = shownImages();
    if (shown.length === 0) return;
    current = shown[(shown.indexOf(current) + by + shown.length) % shown.length];
    fill();
  }

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
    onChange();
  });
  control('dialog-mask').addEventListener('change', () => {
    control('mask').checked = control('dialog-mask').checked;
    onChange();
  });

  return {
    open(image) {
      current = image;
      dialog.showModal();
      fill();
    },
    update: () => dialog.open && fill(),
  };
}

function fillImage(view: Element, card: Element): void {
  part(view, 'image').src = part(card, 'image').src;
  part(view, 'image').alt = part(card, 'image').alt;
  view.querySelector('figcaption')!.textContent = 'Image as given to the model';
  fillMask(view, card);
}

function fillMap(
  view: Element,
  card: Element,
  { image, selection, model }: { image: ImageData; selection: GallerySelection; model: number },
): void {
  const { classes, layers, models, mapOf, overlay } = selection;
  const map = mapOf(image, model);
  const caption =
    map === undefined
      ? `${models[model]}: no map`
      : `${models[model]}, ${layers[map.layer]}, for ${classes[map.class]}`;
  part(view, 'image').src = part(card, 'image').src;
  part(view, 'image').alt = `Saliency map: ${caption}`;
  view.querySelector('figcaption')!.textContent = caption;
  overlay(view, image, model);
  fillMask(view, card);
}

function fillMask(view: Element, card: Element): void {
  const mask = card.querySelector<HTMLImageElement>('.mask');
  if (mask !== null) part(view, 'mask').src = mask.src;
  part(view, 'mask').hidden = mask === null || !control('mask').checked;
}

/** The prediction, the probability of the true class, and the scores of the map in the order of the columns. */
function rowTexts(
  image: ImageData,
  {
    model,
    selection,
    columns,
  }: { model: number; selection: GallerySelection; columns: readonly HTMLElement[] },
): string[] {
  const prediction = selection.predictionOf(image, model);
  const map = selection.mapOf(image, model);
  const scores: Record<string, string> = {
    pointing: map?.pointing === undefined ? '-' : map.pointing > 0 ? 'hit' : 'miss',
    energy: formatScore(map?.energy),
    overlap: formatScore(map?.overlap),
    deletion: formatScore(map?.deletion),
    insertion: formatScore(map?.insertion),
  };
  return [
    selection.verdict(image, model),
    prediction === null ? '-' : formatProbability(selection.trueClassProbability(image, model)),
    ...columns.map(({ dataset }) => scores[dataset.score!]),
  ];
}

const formatScore = (value: number | null | undefined): string =>
  typeof value === 'number' ? value.toFixed(2) : '-';
