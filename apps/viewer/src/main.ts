import { describeFailure, type SelfTestResult } from '@nonlocal-med/classifier';
import { meaningText, renderAbout } from './about.js';
import { DetailView } from './detailView.js';
import { byId, nextPaint } from './element.js';
import { readPageData } from './embedded.js';
import { type ImageEntry, isWithheld } from './imageEntry.js';
import { ImageQueue } from './imageQueue.js';
import type { PageData } from './pageData.js';
import { modelProblem } from './problemText.js';
import { resultCsv } from './resultCsv.js';
import { renderTable } from './resultTable.js';
import { type PageClassifier, startModel } from './startModel.js';

const status = byId('self-test', HTMLElement);
const progress = byId('progress', HTMLElement);
const input = byId('files', HTMLInputElement);
const drop = byId('drop', HTMLElement);
const revealAll = byId('reveal-all', HTMLButtonElement);

// From the start: a browser would open a file that is dropped while the model loads, in place of the page.
const drops = acceptDrops();
void start();

/** Tests the model, then lets images in; without a passed test there are no results. */
async function start(): Promise<void> {
  try {
    renderAbout(readPageData());
    await nextPaint();
    const { classifier, selfTest } = await startModel();
    if (!selfTest.passed) return fail(failedTest(selfTest, readPageData()));
    status.textContent = `Ready. The self-test passed: this browser gives the probabilities that were recorded with the model (largest difference ${selfTest.difference.toPrecision(1)}).`;
    acceptImages(classifier);
    input.disabled = false;
  } catch (error) {
    fail(`The model cannot be used here: ${modelProblem(error)}`);
  }
}

function fail(message: string): void {
  status.textContent = message;
  status.classList.add('failed');
  drop.hidden = true;
}

function failedTest(result: SelfTestResult, { isHalf }: PageData): string {
  const again = isHalf ? 'create the page again without --half' : 'create the page again';
  return `No results are shown: ${describeFailure(result)}. Use another browser or computer, or ${again}.`;
}

/** Connects files, table and detail. */
function acceptImages(classifier: PageClassifier): void {
  const detail = new DetailView(classifier);
  const queue = new ImageQueue(classifier, () => render());
  byId('meaning', HTMLElement).textContent = meaningText(classifier);

  function render(): void {
    const { entries } = queue;
    byId('list', HTMLElement).hidden = entries.length === 0;
    renderTable(entries, { classifier, current: detail.entry, onOpen: (entry) => open(entry) });
    offerHidden(entries.filter(isWithheld).length);
    const waiting = entries.filter(({ outcome }) => outcome === null).length;
    if (entries.length > 0) progress.textContent = progressText(entries.length, waiting);
    const first = entries.find(({ outcome }) => outcome !== null && 'result' in outcome);
    if (detail.entry === null && first !== undefined && waiting === 0) void show(first);
  }
  async function show(entry: ImageEntry): Promise<void> {
    const opening = detail.open(entry);
    renderTable(queue.entries, { classifier, current: entry, onOpen: (other) => open(other) });
    await opening;
  }
  function open(entry: ImageEntry): void {
    void show(entry);
    byId('detail-title', HTMLElement).focus();
  }

  /** Shows the results of images that are unlike the training images; the open one is shown again with its result. */
  function reveal(revealed: readonly ImageEntry[]): void {
    const at = detail.entry === null ? -1 : queue.entries.indexOf(detail.entry);
    queue.reveal(revealed);
    if (at >= 0 && isWithheld(detail.entry!)) open(queue.entries[at]);
  }

  byId('reveal', HTMLButtonElement).addEventListener('click', () => {
    if (detail.entry !== null) reveal([detail.entry]);
  });
  revealAll.addEventListener('click', () => reveal(queue.entries.filter(isWithheld)));
  input.addEventListener('change', () => {
    queue.add([...(input.files ?? [])]);
    input.value = ''; // so that the same file can be chosen again
  });
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    detail.close();
    queue.clear();
    progress.textContent = 'All images were removed from the page.';
    input.focus();
  });
  byId('export', HTMLButtonElement).addEventListener('click', () =>
    save('predictions.csv', resultCsv(queue.entries, classifier)),
  );
  drops.takeBy((files) => queue.add(files));
}

/** Offers the results of images that are unlike the training images. */
function offerHidden(count: number): void {
  revealAll.hidden = count === 0;
  revealAll.textContent = `Show the ${count === 1 ? 'result of 1 image' : `results of ${count} images`} unlike the training images`;
}

const progressText = (count: number, waiting: number): string => {
  const images = count === 1 ? '1 image' : `${count} images`;
  return waiting === 0 ? `${images} done.` : `Computing: ${count - waiting} of ${images} done ...`;
};

/** Takes the files that are dropped anywhere on the page; those that come before there is somebody to take them wait. */
function acceptDrops(): { takeBy(onFiles: (files: File[]) => void): void } {
  let early: File[] = [];
  let take = (files: File[]): void => void early.push(...files);
  const mark = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    drop.classList.toggle('over', isOver);
  };
  document.addEventListener('dragover', mark(true));
  document.addEventListener('dragleave', mark(false));
  document.addEventListener('drop', (event) => {
    mark(false)(event);
    take([...(event.dataTransfer?.files ?? [])]);
  });
  return {
    takeBy(onFiles) {
      take = onFiles;
      if (early.length > 0) onFiles(early);
      early = [];
    },
  };
}

/** Lets the user save a text as a file. */
function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
