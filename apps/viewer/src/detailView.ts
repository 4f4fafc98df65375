import { type PixelData, type Pixels, saliencyMapTitle } from '@nonlocal-med/core';
import { levelsForModel, type RawImage } from '@nonlocal-med/data/browser';
import { type DisplayImage, displayImage } from './displayImage.js';
import { byId, element, nextPaint } from './element.js';
import { type ImageEntry, type ImageResult, unlikeWarning } from './imageEntry.js';
import { mapGradient, overlayPixels } from './mapOverlay.js';
import { readImage, reasonOf } from './readImage.js';
import type { PageClassifier } from './startModel.js';
import { renderVerdict } from './verdict.js';
import { WindowControls } from './windowControls.js';

/** One image in large, with its map, window and level, and what is decided about it. */
export class DetailView {
  readonly #picture = byId('picture', HTMLCanvasElement);
  readonly #map = byId('map', HTMLCanvasElement);
  readonly #opacity = byId('opacity', HTMLInputElement);
  readonly #explained = byId('explained', HTMLSelectElement);
  readonly #note = byId('map-note', HTMLElement);
  readonly #window = new WindowControls(this.#picture);
  #entry: ImageEntry | null = null;
  #shown: { raw: RawImage; levels: Pixels<PixelData>; display: DisplayImage } | null = null;

  constructor(private readonly classifier: PageClassifier) {
    this.#opacity.addEventListener('input', () => this.#showOpacity());
    this.#explained.addEventListener('change', () => void this.#explain());
    this.#showOpacity();
  }

  /** The image that is shown; null if there is none. */
  get entry(): ImageEntry | null {
    return this.#entry;
  }

  close(): void {
    [this.#entry, this.#shown] = [null, null];
    byId('detail', HTMLElement).hidden = true;
  }

  /** Shows an image that has a result, then its map. */
  async open(entry: ImageEntry): Promise<void> {
    if (entry.outcome === null || 'error' in entry.outcome) return;
    const { result, notes } = entry.outcome;
    [this.#entry, this.#shown] = [entry, null];
    byId('detail-title', HTMLElement).textContent = entry.id;
    const warning = unlikeWarning(result);
    const caution = byId('warning', HTMLElement);
    caution.hidden = warning === null;
    caution.textContent = warning ?? '';
    renderVerdict(result, this.classifier);
    byId('notes', HTMLElement).replaceChildren(...notes.map((note) => element('li', {}, note)));
    this.#offerClasses(result);
    this.#map.hidden = true;
    byId('detail', HTMLElement).hidden = false;
    try {
      const raw = await readImage(entry, this.classifier);
      if (this.#entry !== entry) return;
      const { values } = this.classifier.preprocessing;
      const display = displayImage(raw, values);
      this.#shown = { raw, levels: levelsForModel(raw, values, entry.id), display };
      this.#picture.setAttribute('aria-label', `The image ${entry.id}`);
      this.#window.show(display);
      await this.#explain();
    } catch (error) {
      this.#note.textContent = `It cannot be shown: ${reasonOf(error)}`;
    }
  }

  #offerClasses({ predicted, labels }: ImageResult): void {
    const options = labels.map((label) => element('option', { value: label }, label));
    this.#explained.replaceChildren(...options);
    this.#explained.value = predicted[0] ?? labels[0];
  }

  /** Computes and shows the map of the chosen class. */
  async #explain(): Promise<void> {
    const [entry, shown, label] = [this.#entry, this.#shown, this.#explained.value];
    if (shown === null) return;
    this.#note.textContent = 'Computing the map ...';
    await nextPaint();
    const { maps } = await this.classifier.classify(shown.raw, { explain: { classes: [label] } });
    if (this.#entry !== entry || this.#explained.value !== label) return;
    const { height, width } = shown.display;
    Object.assign(this.#map, { height, width });
    const pixels = overlayPixels(maps[0], {
      image: shown.levels,
      preprocessing: this.classifier.preprocessing,
      height,
      width,
    });
    this.#map.getContext('2d')!.putImageData(pixels, 0, 0);
    this.#map.hidden = false;
    this.#map.setAttribute('aria-label', `Saliency map for ${label}`);
    const ramp = element('span', { class: 'ramp', 'aria-hidden': 'true' });
    ramp.style.background = mapGradient;
    const isEmpty = maps[0].values.every((value) => value === 0);
    this.#note.replaceChildren(
      ...(isEmpty
        ? [`Nothing in this image speaks for ${label} in this map.`]
        : ['low', ramp, `high. Where the image speaks for ${label} to the model`]),
      ` (${saliencyMapTitle(maps[0])}). A map shows what the model used, which need not be the disease.`,
    );
  }

  #showOpacity(): void {
    const { value } = this.#opacity;
    this.#map.style.opacity = String(Number(value) / 100);
    byId('opacity-value', HTMLOutputElement).value = `${value} %`;
  }
}
