import { nextPaint } from './element.js';
import type { ImageEntry } from './imageEntry.js';
import { imageProblem } from './problemText.js';
import { readImage, readingNotes } from './readImage.js';
import type { PageClassifier } from './startModel.js';

/** More frames of one file are not listed. */
const MOST_FRAMES = 200;

/** The images of the page in order. Changes are told to `onChange`, of one entry, or of the list. */
export class ImageQueue {
  #entries: ImageEntry[] = [];
  #isRunning = false;

  constructor(
    private readonly classifier: PageClassifier,
    private readonly onChange: () => void,
  ) {}

  get entries(): readonly ImageEntry[] {
    return this.#entries;
  }

  /** Adds files, and classifies them one after the other. */
  add(files: readonly File[]): void {
    this.#entries.push(...files.map((file) => ({ id: file.name, file, outcome: null })));
    this.onChange();
    void this.#run();
  }

  /** Shows the results of images that are unlike the training images, too. */
  reveal(revealed: readonly ImageEntry[]): void {
    this.#entries = this.#entries.map((entry) =>
      revealed.includes(entry) ? { ...entry, isRevealed: true } : entry,
    );
    this.onChange();
  }

  clear(): void {
    this.#entries = [];
    this.onChange();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (;;) {
      const entry = this.#entries.find(({ outcome }) => outcome === null);
      if (entry === undefined) break;
      await nextPaint();
      const classified = await this.#classify(entry);
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1, ...classified); // not removed meanwhile
      this.onChange();
    }
    this.#isRunning = false;
  }

  /** The entry with its outcome, and the other frames of its file, which wait. */
  async #classify(entry: ImageEntry): Promise<ImageEntry[]> {
    try {
      const raw = await readImage(entry, this.classifier);
      const result = await this.classifier.classify(raw);
      const isFirst = raw.format === 'dicom' && raw.pages > 1 && entry.frame === undefined;
      if (!isFirst)
        return [{ ...entry, outcome: { result, notes: readingNotes(raw, this.classifier) } }];
      const listed = Math.min(raw.pages, MOST_FRAMES);
      const left =
        raw.pages > listed ? [`Of ${raw.pages} frames, the first ${listed} are listed.`] : [];
      const notes = [...readingNotes({ ...raw, pages: 1 }, this.classifier), ...left];
      return Array.from({ length: listed }, (_, frame) => ({
        id: `${entry.id}#${frame + 1}`,
        file: entry.file,
        frame,
        outcome: frame === 0 ? { result, notes } : null,
      }));
    } catch (error) {
      return [{ ...entry, outcome: { error: imageProblem(error) } }];
    }
  }
}
