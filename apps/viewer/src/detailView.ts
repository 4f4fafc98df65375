import type { ClassMap } from '@nonlocal-med/classifier';
import {
  type PixelData,
  type Pixels,
  saliencyGradient,
  saliencyMapTitle,
} from '@nonlocal-med/core';
import { levelsForModel, type RawImage } from '@nonlocal-med/data/browser';
import { type DisplayImage, displayImage } from './displayImage.js';
import { byId, clearCanvas, element, nextPaint } from './element.js';
import { type ImageEntry, type ImageResult, isWithheld, unlikeWarning } from './imageEntry.js';
import { overlayPixels } from './mapOverlay.js';
import { imageProblem } from './problemText.js';
import { readImage } from './readImage.js';
import type { PageClassifier } from './startModel.js';
import { renderVerdict } from './verdict.js';
import { WindowControls } from './windowControls.js';

interface ShownImage {
  readonly raw: RawImage;
  readonly levels: Pixels<PixelData>;
  readonly display: DisplayImage;
}

/** One image in large, with its map, window and level, and what is decided about it. */
export class DetailView {
  readonly #picture = byId('picture', HTMLCanvasElement);
  readonly #map = byId('map', HTMLCanvasElement);
  readonly #opacity = byId('opacity', HTMLInputElement);
  readonly #explained = byId('explained', HTMLSelectElement);
  readonly #note = byId('map-note', HTMLElement);
  readonly #window = new WindowControls(this.#picture);
  #entry: ImageEntry | null = null;
  #shown: ShownImage | null = null;

  constructor(private readonly classifier: PageClassifier) {
    this.#opacity.addEventListener('input', () => this.#showOpacity());
    this.#explained.addEventListener('change', () => void this.#explain());
    this.#showOpacity();
  }

  /** The image that is shown; null if there is none. */
  get entry(): ImageEntry | null {
    return this.#entry;
  }

  /** Hides the image, and forgets its pixels. */
  close(): void {
    [this.#entry, this.#shown] = [null, null];
    this.#window.clear();
    this.#clearMap('');
    byId('detail', HTMLElement).hidden = true;
  }

  /** Shows an image that has a result, then its map. Nothing of the image before it stays in the meantime. */
  async open(entry: ImageEntry): Promise<void> {
    if (entry.outcome === null || 'error' in entry.outcome) return;
    const { result, notes } = entry.outcome;
    [this.#entry, this.#shown] = [entry, null];
    byId('detail-title', HTMLElement).textContent = entry.id;
    const warning = unlikeWarning(entry);
    const withheld = isWithheld(entry);
    const caution = byId('warning', HTMLElement);
    caution.hidden = warning === null;
    caution.textContent = warning ?? '';
    byId('detail', HTMLElement).classList.toggle('withheld', withheld);
    if (!withheld) renderVerdict(result, this.classifier);
    byId('notes', HTMLElement).replaceChildren(...notes.map((note) => element('li', {}, note)));
    this.#offerClasses(result);
    this.#window.clear();
    this.#clearMap('Reading the image ...');
    byId('detail', HTMLElement).hidden = false;
    const isCurrent = (): boolean => this.#entry === entry;
    await this.#orSayWhy('The image cannot be shown', isCurrent, async () => {
      const raw = await readImage(entry, this.classifier);
      if (!isCurrent()) return;
      const { values } = this.classifier.preprocessing;
      const display = displayImage(raw, values);
      this.#shown = { raw, levels: levelsForModel(raw, values, entry.id), display };
      this.#picture.setAttribute('aria-label', `The image ${entry.id}`);
      this.#window.show(display);
      if (withheld) this.#clearMap('');
      else await this.#explain();
    });
  }

  #offerClasses({ predicted, labels }: ImageResult): void {
    const options = labels.map((label) => element('option', { value: label }, label));
    this.#explained.replaceChildren(...options);
    this.#explained.value = predicted[0] ?? labels[0];
  }

  /** Computes and shows the map of the selected class, unless another one or another image is selected meanwhile. */
  async #explain(): Promise<void> {
    const [entry, shown, label] = [this.#entry, this.#shown, this.#explained.value];
    if (shown === null) return;
    this.#clearMap('Computing the map ...');
    const isCurrent = (): boolean => this.#entry === entry && this.#explained.value === label;
    await this.#orSayWhy('The map cannot be shown', isCurrent, async () => {
      await nextPaint();
      if (!isCurrent()) return;
      const explain = { classes: [label] };
      const { maps } = await this.classifier.classify(shown.raw, { explain });
      if (isCurrent()) this.#showMap(maps[0], shown);
    });
  }

  #showMap(map: ClassMap, { levels, display: { height, width } }: ShownImage): void {
    Object.assign(this.#map, { height, width });
    const { preprocessing } = this.classifier;
    const pixels = overlayPixels(map, { image: levels, preprocessing, height, width });
    this.#map.getContext('2d')!.putImageData(pixels, 0, 0);
    this.#map.hidden = false;
    this.#map.setAttribute('aria-label', `Saliency map for ${map.label}`);
    const ramp = element('span', { class: 'ramp', 'aria-hidden': 'true' });
    ramp.style.setProperty('--map-colors', saliencyGradient);
    const isEmpty = map.values.every((value) => value === 0);
    this.#note.replaceChildren(
      ...(isEmpty
        ? [`No region raised the model's score for ${map.label}`]
        : ['low', ramp, `high. Regions that raised the model's score for ${map.label}`]),
      ` (${saliencyMapTitle(map)}). A map shows what the model used, which is not necessarily the disease.`,
    );
  }

  #clearMap(note: string): void {
    this.#map.hidden = true;
    clearCanvas(this.#map);
    this.#note.textContent = note;
  }

  /** Says why something cannot be shown, unless it is no longer wanted. */
  async #orSayWhy(
    what: string,
    isCurrent: () => boolean,
    show: () => Promise<void>,
  ): Promise<void> {
    try {
      await show();
    } catch (error) {
      if (isCurrent()) this.#note.textContent = `${what}: ${imageProblem(error)}`;
    }
  }

  #showOpacity(): void {
    const { value } = this.#opacity;
    // Of the map, and of the colors in its legend.
    byId('detail', HTMLElement).style.setProperty('--map-opacity', String(Number(value) / 100));
    byId('opacity-value', HTMLOutputElement).value = `${value} %`;
  }
}
