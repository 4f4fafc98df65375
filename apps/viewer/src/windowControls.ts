import { type DisplayImage, type ValueWindow, windowedPixels } from './displayImage.js';
import { byId, clearCanvas } from './element.js';
import { valueText } from './numberText.js';

/** Steps of the sliders. */
const STEPS = 256;

/** Sliders for window (the width of the range from black to white) and level (its middle). They change only what is seen. */
export class WindowControls {
  readonly #window = byId('window', HTMLInputElement);
  readonly #level = byId('level', HTMLInputElement);
  #image: DisplayImage | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {
    for (const slider of [this.#window, this.#level])
      slider.addEventListener('input', () => this.#draw());
    byId('reset', HTMLButtonElement).addEventListener('click', () => this.#reset());
  }

  /** Shows an image with its first window. */
  show(image: DisplayImage): void {
    this.#image = image;
    const { range, initial } = image;
    const least = Math.min(range.black, initial.black);
    const most = Math.max(range.white, initial.white);
    const isWhole = !(image.values instanceof Float32Array) || most - least > STEPS;
    const step = isWhole ? 1 : (most - least) / STEPS;
    setRange(this.#window, { min: step, max: most - least, step });
    // The middle of a window of odd width lies between two values.
    setRange(this.#level, { min: least, max: most, step: step / 2 });
    Object.assign(this.canvas, { height: image.height, width: image.width });
    this.#reset();
  }

  /** Shows no image. */
  clear(): void {
    this.#image = null;
    clearCanvas(this.canvas);
    this.canvas.setAttribute('aria-label', 'No image');
    for (const id of ['window-value', 'level-value']) byId(id, HTMLOutputElement).value = '';
  }

  #reset(): void {
    if (this.#image === null) return;
    const { black, white } = this.#image.initial;
    this.#window.value = String(white - black);
    this.#level.value = String((black + white) / 2);
    this.#draw(this.#image.initial);
  }

  #draw(given?: ValueWindow): void {
    if (this.#image === null) return;
    const [width, level] = [this.#window.valueAsNumber, this.#level.valueAsNumber];
    const window = given ?? { black: level - width / 2, white: level + width / 2 };
    const range = this.#image.range.white - this.#image.range.black;
    byId('window-value', HTMLOutputElement).value = valueText(width, range);
    byId('level-value', HTMLOutputElement).value = valueText(level, range);
    this.canvas.getContext('2d')!.putImageData(windowedPixels(this.#image, window), 0, 0);
  }
}

function setRange(
  slider: HTMLInputElement,
  { min, max, step }: Readonly<Record<'min' | 'max' | 'step', number>>,
): void {
  Object.assign(slider, { min: String(min), max: String(max), step: String(step) });
}
