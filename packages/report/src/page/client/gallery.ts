import type { GalleryData, ImageData } from './galleryData.js';
import { createDialog } from './galleryDialog.js';
import {
  control,
  createSelection,
  type GallerySelection,
  hasTruth,
  part,
} from './gallerySelection.js';

/** The images of the gallery, for other parts of the page. */
export interface GalleryAccess {
  /** Index of an image of a repeat; -1 if the gallery does not have it. */
  readonly find: (id: string, repeat: number) => number;
  /** It as a data URI. */
  readonly sourceOf: (index: number) => string;
  /** Shows it in the large view. */
  readonly open: (index: number) => void;
}

/**
 * Filters, sorts and opens the images of the gallery.
 * @returns null on a page without one
 */
export function startGallery(): GalleryAccess | null {
  const block = document.getElementById('gallery-data');
  if (block === null) return null;
  const selection = createSelection(JSON.parse(block.textContent ?? '') as GalleryData);
  const list = document.getElementById('gallery-list')!;
  const cards = [...list.children] as HTMLElement[];
  const errors = [...document.querySelectorAll<HTMLElement>('[data-gallery-image]')];
  const imageIndex = ({ dataset }: HTMLElement): number => Number(dataset.galleryImage);
  let shown: number[] = [];
  const dialog = createDialog({ selection, cards, shownImages: () => shown, onChange: render });

  function render(): void {
    shown = selectImages(selection);
    const visible = new Set(shown);
    cards.forEach((card, index) => {
      card.hidden = !visible.has(index);
      if (!card.hidden) fillCard(card, selection.images[index], selection);
    });
    list.append(...shown.map((index) => cards[index]));
    for (const error of errors) selection.overlay(error, selection.images[imageIndex(error)]);
    control('count').textContent = `${shown.length} of ${selection.images.length} images`;
    control('note').textContent = layerNote(selection);
    document.documentElement.style.setProperty(
      '--overlay',
      String(Number(control('opacity').value) / 100),
    );
    dialog.update();
  }

  list.addEventListener('click', (event) => {
    const card = (event.target as Element).closest<HTMLElement>('.card');
    if (card !== null) dialog.open(cards.indexOf(card));
  });
  for (const error of errors) error.addEventListener('click', () => dialog.open(imageIndex(error)));
  linkNamedImages(selection, dialog.open);
  document.getElementById('gallery-controls')!.addEventListener('input', render);
  render();
  const { images, repeat } = selection;
  return {
    find: (id, ofRepeat) =>
      ofRepeat === repeat ? images.findIndex((image) => image.id === id) : -1,
    sourceOf: (index) => part(cards[index], 'image').src,
    open: dialog.open,
  };
}

/** Indices of the images that pass the filters, in the chosen order. */
function selectImages(selection: GallerySelection): number[] {
  const { images } = selection;
  const sortKey = sortKeys[control('sort').value];
  return images
    .map((_, index) => index)
    .filter((index) => passesFilters(images[index], selection))
    .sort((a, b) => sortKey(images[a], selection) - sortKey(images[b], selection) || a - b);
}

const sortKeys: Readonly<
  Record<string, (image: ImageData, selection: GallerySelection) => number>
> = {
  default: () => 0,
  confident: (image, selection) => -selection.confidence(image),
  uncertain: (image, selection) => selection.confidence(image),
  truth: (image, selection) => selection.trueClassProbability(image),
  energy: (image, selection) => -(selection.mapOf(image)?.energy ?? -1),
};

function passesFilters(image: ImageData, selection: GallerySelection): boolean {
  const { value: label } = control('class');
  if (label !== '' && !hasTruth(image, Number(label))) return false;
  if (!outcomes[control('outcome').value](image, selection)) return false;
  const minimum = Number(control('minimum').value) / 100;
  if (selection.predictionOf(image) === null) return minimum <= 0;
  const confidence = selection.confidence(image);
  return confidence >= minimum && confidence <= Number(control('maximum').value) / 100;
}

const outcomes: Readonly<
  Record<string, (image: ImageData, selection: GallerySelection) => boolean>
> = {
  all: () => true,
  correct: (image, selection) => selection.isCorrect(image) === true,
  wrong: (image, selection) => selection.isCorrect(image) === false,
  disagreement: (image, { models, isCorrect }) => {
    const correct = models.map((_, index) => isCorrect(image, index));
    return correct.includes(true) && correct.includes(false);
  },
};

function fillCard(card: HTMLElement, image: ImageData, selection: GallerySelection): void {
  selection.overlay(card, image);
  part(card, 'verdict').textContent = selection.verdict(image);
  card.classList.toggle('wrong', selection.isCorrect(image) === false);
}

/** Reports which layer is shown if the selected model does not have the selected layer. */
function layerNote({ model, models, layers, layerOf }: GallerySelection): string {
  const chosen = Number(control('layer').value);
  const shown = layerOf(model());
  return shown < 0 || shown === chosen
    ? ''
    : `${models[model()]} has no map "${layers[chosen]}"; shown is its ${layers[shown]}.`;
}

/** Turns the names of images elsewhere on the page into buttons that open them. */
function linkNamedImages(
  { images, repeat }: GallerySelection,
  open: (index: number) => void,
): void {
  for (const name of document.querySelectorAll<HTMLElement>('[data-image]')) {
    if (Number(name.dataset.repeat) !== repeat) continue;
    const index = images.findIndex(({ id }) => id === name.dataset.image);
    if (index < 0) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = name.textContent;
    button.addEventListener('click', () => open(index));
    name.replaceChildren(button);
  }
}
