import { join } from 'node:path';
import { readRegularFile } from '@nonlocal-med/core/node';
import { runFiles } from '@nonlocal-med/runs';
import { dataUri } from '../gallery/embedImages.js';
import { html, type Markup } from '../html/html.js';
import type { PageModel } from '../pageModel.js';
import type { PageSection } from '../pageSection.js';

/** The part of a page's bytes that sheets may take. */
const SHARE = 0.3;

/**
 * The sheets of images that runs have written: training images after augmentation, and test images. Sheets that are
 * equal, as those of models with one preprocessing are, are shown once; of several repeats, those of the first.
 * @param bytes maximum size of the page
 * @returns null if no run has sheets, as those of earlier versions
 */
export async function inputsSection(
  models: readonly PageModel[],
  bytes: number,
): Promise<PageSection | null> {
  const training = await readSheets(models, runFiles.trainingSheet);
  const test = await readSheets(models, runFiles.testSheet);
  const sheets = [
    ...training.map((sheet) => ({ ...sheet, ...trainingText })),
    ...test.map((sheet) => ({ ...sheet, ...testText })),
  ];
  if (sheets.length === 0) return null;
  let used = 0;
  const shown = sheets.filter(({ uri }) => (used += uri.length) <= SHARE * bytes);
  const leftOut = sheets.length - shown.length;
  return {
    id: 'inputs',
    title: 'What the network sees',
    body: html`<p>
        Check here that lesions are still visible at the size of the network, that labels are right,
        and that augmentation leaves images as they could have been taken. Values are as they enter
        the network, before normalization.
      </p>
      ${shown.map((sheet) => sheetFigure(sheet, models.length))}
      ${leftOut > 0 && html`<p class="note">Sheets that do not fit on the page: ${leftOut}. They are in the folders of the runs.</p>`}`,
  };
}

/** A sheet, and the models whose runs have it. */
interface Sheet {
  readonly uri: string;
  readonly titles: readonly string[];
}

const trainingText = {
  name: 'Training images',
  text: 'as the network received them in the first epoch, after resizing, contrast and augmentation; of each class those that came first.',
};

const testText = {
  name: 'Test images',
  text: 'after resizing and contrast, each with its true class; spread evenly over the test images of a class.',
};

async function readSheets(models: readonly PageModel[], name: string): Promise<Sheet[]> {
  const titlesOf = new Map<string, string[]>();
  for (const { title, runs } of models) {
    const bytes = await readRegularFile(join(runs[0].path, name)).catch(() => null);
    const uri = bytes && dataUri(bytes);
    if (uri !== null) titlesOf.set(uri, [...(titlesOf.get(uri) ?? []), title]);
  }
  return [...titlesOf].map(([uri, titles]) => ({ uri, titles }));
}

function sheetFigure(
  { uri, titles, name, text }: Sheet & typeof trainingText,
  models: number,
): Markup {
  const whose = titles.length < models && `${titles.join(', ')}: `;
  return html`<figure class="sheet">
    <figcaption>${whose}<strong>${name}</strong> ${text}</figcaption>
    <div class="scroll" tabindex="0" role="group" aria-label="${name}">
      <img src="${uri}" alt="${name} in rows by class, the class below each" />
    </div>
  </figure> `;
}
