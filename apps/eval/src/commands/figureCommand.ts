import { count, InputError } from '@nonlocal-med/core';
import { fileExists, writeAtomic } from '@nonlocal-med/core/node';
import { panelOfRuns, type PanelRun } from '@nonlocal-med/pipeline';
import { shortNames } from '@nonlocal-med/report';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
  splitList,
} from '@nonlocal-med/terminal';
import type { FigureOptions } from '../figureOptions.js';
import { resolveOptionalPath } from '../options.js';

/** `figure`: saliency maps of several runs side by side, as a figure for a paper. */
export function figureCommand({ signal }: CommandContext) {
  return async (runs: string[], options: FigureOptions): Promise<void> => {
    const { out, titles, masks, weights, engine, json } = options;
    if (!/\.png$/i.test(out))
      throw new InputError({ path: '--out', message: `got "${out}"`, hint: 'a .png file' });
    const file = resolveUserPath(out);
    const display = createProgressDisplay();
    const choice = parseImages(options.images);
    const { png, images } = await panelOfRuns({
      runs: await readRuns(runs, titles),
      images: choice,
      explained: options.classes,
      masks: resolveOptionalPath(masks),
      weights,
      engine,
      signal,
      onNote: display.line,
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

/** A number of images, or ids. */
function parseImages(text: string | undefined): number | string[] | undefined {
  if (text === undefined) return undefined;
  return /^[1-9]\d*$/.test(text.trim()) ? Number(text) : splitList(text);
}

/** Resolves `RUN` or `RUN@LAYER`. An existing folder with an @ in its name is taken as it is. */
async function readRuns(
  runs: readonly string[],
  titles: readonly string[] | undefined,
): Promise<PanelRun[]> {
  if (titles !== undefined && titles.length !== runs.length)
    throw new InputError({
      path: '--titles',
      message: `got ${count(titles.length, 'title')}`,
      hint: `one for each of the ${runs.length} runs`,
    });
  const resolved = await Promise.all(
    runs.map(async (run): Promise<PanelRun> => {
      const path = resolveUserPath(run);
      const at = run.lastIndexOf('@');
      if (at < 1 || (await fileExists(path))) return { folder: path };
      return { folder: resolveUserPath(run.slice(0, at)), layer: run.slice(at + 1) };
    }),
  );
  const folders = [...new Set(resolved.map(({ folder }) => folder))];
  const names = shortNames(folders);
  return resolved.map((run, index) => ({
    ...run,
    title: titles?.[index] ?? names[folders.indexOf(run.folder)],
  }));
}
