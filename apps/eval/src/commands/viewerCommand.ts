import { open, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { describeFailure, type ReadFile } from '@nonlocal-med/classifier';
import { loadClassifier } from '@nonlocal-med/classifier/node';
import { formatBytes, InputError, UnavailableError, wrapText } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { listInputs } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import type { PageData } from 'viewer/pageData';
import { rejectUnused } from '../options.js';
import { withHalfPrecision } from '../viewer/halfPrecision.js';
import { type PageModel, readPageModel } from '../viewer/pageModel.js';
import { measureChange, type PrecisionChange } from '../viewer/precisionChange.js';
import { isViewerPage, viewerPage } from '../viewer/viewerPage.js';
import type { ViewerOptions } from '../viewerOptions.js';

/** `viewer`: one HTML page that applies a model to images in the browser. */
export function viewerCommand({ signal }: CommandContext) {
  return async (path: string, options: ViewerOptions): Promise<void> => {
    const { measure, half, json } = options;
    if (half === undefined) rejectUnused({ '--measure': measure?.join(' ') }, 'only with --half');
    const folder = resolveUserPath(path);
    const file = await outputFile(folder, options.out);
    await useEngine({ backend: options.engine });
    const model = await readPageModel(folder);
    const [files, change] = half ? await halved(model, measure ?? [], signal) : [model.files, null];
    const { name, difference } = await testModel(readFrom(files), { half });
    const data = pageData(model, { folder, name, change, title: options.title });
    const page = await viewerPage(data, files);
    await writeAtomic(file, page);
    const bytes = Buffer.byteLength(page);
    if (json !== undefined)
      return emitJson({ file, bytes, model: name, selfTest: difference, half: change });
    const lines = [
      `${relative(resolveUserPath('.'), file)}: ${formatBytes(bytes)}, opens in any current browser, also offline`,
      ...(change === null ? [] : [changeText(change)]),
    ];
    process.stdout.write(`${lines.map((line) => wrapText(line)).join('\n')}\n`);
  };
}

/**
 * Where the page goes.
 * @throws InputError for a file that is not a page of this command
 */
async function outputFile(folder: string, out: string | undefined): Promise<string> {
  const given = out === undefined ? folder : resolveUserPath(out);
  const isFolder = out === undefined || /[\\/]$/.test(out) || (await isDirectory(given));
  const file = isFolder ? join(given, 'viewer.html') : given;
  const issue = { path: '--out', hint: 'a file that ends with .html, or a folder' };
  if (!/\.html?$/i.test(file)) throw new InputError({ ...issue, message: `got ${out}` });
  const handle = await orNull(() => open(file));
  if (handle === null) return file;
  try {
    // Not a folder that is named like a page: it cannot be read.
    const start = await orNull(() => handle.read(Buffer.alloc(100), 0, 100, 0));
    if (start !== null && isViewerPage(start.buffer.toString('utf8', 0, start.bytesRead)))
      return file;
  } finally {
    await handle.close();
  }
  throw new InputError({
    ...issue,
    message: `${file} exists and is not a page of this command, which only replaces its own`,
    hint: 'the name of a new file',
  });
}

const isDirectory = async (path: string): Promise<boolean> =>
  (await orNull(() => stat(path)))?.isDirectory() ?? false;

/** What the system gives for a file; null if it does not exist. @throws InputError if the file cannot be used */
async function orNull<T>(access: () => Promise<T>): Promise<T | null> {
  try {
    return await access();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new InputError(
      { path: '--out', message, hint: 'a file that may be read and written' },
      { cause: error },
    );
  }
}

const readFrom =
  (files: ReadonlyMap<string, Uint8Array>): ReadFile =>
  (name) =>
    Promise.resolve(files.get(name) ?? null);

/** The files of a model with 16-bit weights, and what that changes. */
async function halved(
  { files }: PageModel,
  measure: readonly string[],
  signal: AbortSignal,
): Promise<[PageModel['files'], PrecisionChange]> {
  const halves = await withHalfPrecision(readFrom(files));
  const stored = new Map([...files, ...Object.entries(halves)]);
  const { images, notes } =
    measure.length === 0
      ? { images: [], notes: [] }
      : await listInputs(measure, { from: resolveUserPath('.') });
  const display = createProgressDisplay();
  notes.forEach((note) => display.line(wrapText(note)));
  const forms = { before: readFrom(files), after: readFrom(stored) };
  const change = await measureChange(forms, images, {
    signal,
    onProgress: (done, total) => display.stage('comparing 16-bit weights', done, total),
    onProblem: (id, reason) => display.line(wrapText(`${id}: ${reason}`)),
  });
  return [stored, change];
}

/** Loads the model as the page has it, and tests it. @throws UnavailableError if it does not pass */
async function testModel(
  read: ReadFile,
  { half }: Pick<ViewerOptions, 'half'>,
): Promise<{ name: string; difference: number }> {
  const classifier = await loadClassifier(read);
  try {
    const result = await classifier.selfTest();
    if (!result.passed)
      throw new UnavailableError(
        `The page was not written: ${describeFailure(result)}. ${half ? 'These weights need 32 bits: leave out --half.' : 'The files of the model do not belong together: export it again.'}`,
      );
    return { name: classifier.name, difference: result.difference };
  } finally {
    classifier.dispose();
  }
}

function pageData(
  { card }: PageModel,
  {
    folder,
    name,
    change,
    title = card.title.replace('Model card: ', '') || name,
  }: {
    readonly folder: string;
    readonly name: string;
    readonly change: PrecisionChange | null;
    readonly title?: string;
  },
): PageData {
  const intended = card.sections.find((section) => section.title === 'Intended use');
  return {
    title,
    kind: `Model viewer · ${basename(folder)}`,
    intendedUse: intended?.paragraphs ?? [],
    facts: [
      ...card.sections.filter((section) => section !== intended),
      ...(change === null ? [] : [{ title: 'Precision', paragraphs: [changeText(change)] }]),
    ],
    isHalf: change !== null,
  };
}

/** What 16-bit weights change, in two sentences. */
function changeText({ images, generated, largest, mean, changed }: PrecisionChange): string {
  const points = (difference: number): string =>
    100 * difference < 0.01 ? 'less than 0.01' : (100 * difference).toPrecision(2);
  const kind = generated ? 'generated images' : images === 1 ? 'image' : 'images';
  return `Weights are stored with 16 bits. On ${images} ${kind}, the largest change of a probability was ${points(largest)} percentage points (mean: ${points(mean)}), and ${changed === 0 ? 'no prediction or decision' : `the prediction or a decision of ${changed}`} changed.`;
}
