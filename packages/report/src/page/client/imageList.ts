import type { GalleryAccess } from './gallery.js';

/** An image in a list. */
export interface ListedImage {
  readonly id: string;
  /** From 0. */
  readonly repeat: number;
  /** What is said about it. */
  readonly text: string;
}

/** The dialog that shows the images of a cell. */
export interface ImageList {
  readonly open: (title: string, images: readonly ListedImage[]) => void;
}

/** Images that the dialog shows at most. */
const MOST_SHOWN = 200;

/** A dialog that lists images: with those the page has, which open the gallery's large view. */
export function createImageList(gallery: GalleryAccess | null): ImageList {
  const dialog = document.getElementById('list-dialog') as HTMLDialogElement;
  const part = (name: string): HTMLElement => document.getElementById(`list-${name}`)!;
  part('close').addEventListener('click', () => dialog.close());
  return {
    open(title, images) {
      const shown = images.slice(0, MOST_SHOWN);
      const entries = shown.map((image) => listEntry(image, gallery));
      const available = entries.filter((entry) => entry.querySelector('img') !== null).length;
      part('title').textContent =
        `${title}: ${images.length} ${images.length === 1 ? 'image' : 'images'}`;
      part('note').textContent = [
        available < shown.length
          ? `The page shows ${available} of them; explaining more images of the run (explain --images) adds the others.`
          : '',
        images.length > shown.length ? `The first ${shown.length} are listed.` : '',
      ]
        .filter((text) => text !== '')
        .join(' ');
      part('images').replaceChildren(...entries);
      dialog.showModal();
    },
  };
}

function listEntry(
  { id, repeat, text }: ListedImage,
  gallery: GalleryAccess | null,
): HTMLLIElement {
  const entry = document.createElement('li');
  const index = gallery === null ? -1 : gallery.find(id, repeat);
  if (index >= 0) {
    const button = document.createElement('button');
    button.type = 'button';
    const image = document.createElement('img');
    image.src = gallery!.sourceOf(index);
    image.alt = id;
    button.append(image);
    button.addEventListener('click', () => gallery!.open(index));
    entry.append(button);
  }
  const name = document.createElement('span');
  name.className = 'id';
  name.textContent = id;
  const about = document.createElement('span');
  about.textContent = text;
  entry.append(name, about);
  return entry;
}
