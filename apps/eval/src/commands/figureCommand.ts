import {
  count,
  InputError,
  type SaliencyMethod,
  saliencyMethods,
  wrapText,
} from '@nonlocal-med/core';
import { fileExists, writeAtomic } from '@nonlocal-med/core/node';
import { panelOfRuns, type PanelRun } from '@nonlocal-med/pipeline';
import { shortNames } from '@nonlocal-med/report';
import type { CurveKind } from '@nonlocal-med/report/page';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
  splitList,
} from '@nonlocal-med/terminal';
import type { FigureOptions } from '../figureOptions.js';
import { rejectUnused, resolveOptionalPath } from '../options.js';

/** `figure`: saliency maps of several runs side by side, or their curves, as a figure for a paper. */
export function figureCommand({ signal }: CommandContext) {
  return async (runs: string[], options: FigureOptions): Promise<void> => {
    const { out, kind, titles, masks, weights, engine, json } = options;
    const extension = kind === 'maps' ? '.png' : '.svg';
    if (!out.toLowerCase().endsWith(extension))
      throw new InputError({
        path: '--out',
        message: `got "${out}"`,
        hint: `a ${extension} file for --kind ${kind}`,
      });
    const file = resolveUserPath(out);
    if (kind !== 'maps') return drawCurves(runs, { ...options, kind, file });
    const display = createProgressDisplay();
    const choice = parseImages(options.images);
    const { png, images } = await panelOfRuns({
      runs: await readRuns(runs, { titles, method: options.method }),
      images: choice,
      explained: options.classes,
      masks: resolveOptionalPath(masks),
      weights,
      engine,
      signal,
      onNote: (text) => display.line(wrapText(text)),
      onImages: display.stage,
    });
    await writeAtomic(file, png);
    if (json !== undefined) return emitJson({ file, images });
    const heading = Array.isArray(choice)
      ? 'Images'
      : 'Test images on which the runs differ first, alternately with the last run right\nand wrong, small lesions first (--images selects others)';
    process.stdout.write(
      `${heading}:\n${images.map((id) => `  ${id}\n`).join('')}\nFigure: ${file}\n`,
    );
  };
}

/** Writes ROC or precision-recall curves. */
async function drawCurves(
  runs: readonly string[],
  {
    kind,
    file,
    titles,
    weights,
    json,
    ...options
  }: FigureOptions & { readonly kind: CurveKind; readonly file: string },
): Promise<void> {
  rejectUnused(
    {
      '--images': options.images,
      '--classes': options.classes,
      '--method': options.method,
      '--masks': options.masks,
      '--engine': options.engine,
    },
    'only with --kind maps',
  );
  const folders = runs.map((run) => resolveUserPath(run));
  const { curvesFigure } = await import('@nonlocal-med/report/page');
  const svg = await curvesFigure({
    runs: folders,
    kind,
    weights,
    titles: titlesOf(runs, titles) ?? shortNames(folders),
  });
  await writeAtomic(file, svg);
  if (json !== undefined) return emitJson({ file });
  process.stdout.write(`Figure: ${file}\n`);
}

const isMethod = (name: string): name is SaliencyMethod => Object.hasOwn(saliencyMethods, name);

/** What is before and after the last @, unless the whole is an existing folder. */
async function splitLast(text: string): Promise<[before: string, last?: string]> {
  const at = text.lastIndexOf('@');
  if (at < 1 || (await fileExists(resolveUserPath(text)))) return [text];
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A number of images, or ids. */
function parseImages(text: string | undefined): number | string[] | undefined {
  if (text === undefined) return undefined;
  return /^[1-9]\d*$/.test(text.trim()) ? Number(text) : splitList(text);
}

/** Resolves `RUN`, `RUN@METHOD`, `RUN@LAYER` or `RUN@METHOD@LAYER`. An existing folder with an @ is taken as it is. */
async function readRuns(
  runs: readonly string[],
  { titles, method }: Pick<FigureOptions, 'titles' | 'method'>,
): Promise<PanelRun[]> {
  const given = titlesOf(runs, titles);
  const resolved = await Promise.all(
    runs.map(async (run): Promise<PanelRun> => {
      const [before, last] = await splitLast(run);
      if (last === undefined) return { folder: resolveUserPath(run), method };
      if (isMethod(last)) return { folder: resolveUserPath(before), method: last };
      const [folder, named] = await splitLast(before);
      return named !== undefined && isMethod(named)
        ? { folder: resolveUserPath(folder), method: named, layer: last }
        : { folder: resolveUserPath(before), method, layer: last };
    }),
  );
  const folders = [...new Set(resolved.map(({ folder }) => folder))];
  const names = shortNames(folders);
  return resolved.map((run, index) => ({
    ...run,
    title: given?.[index] ?? names[folders.indexOf(run.folder)],
  }));
}

/** The titles that were given. @throws InputError if they are not one per run */
function titlesOf(
  runs: readonly string[],
  titles: readonly string[] | undefined,
): readonly string[] | undefined {
  if (titles !== undefined && titles.length !== runs.length)
    throw new InputError({
      path: '--titles',
      message: `got ${count(titles.length, 'title')}`,
      hint: runs.length === 1 ? 'one for the run' : `one for each of the ${runs.length} runs`,
    });
  return titles;
}
