import { count, InputError } from '@nonlocal-med/core';
import { fileExists, writeAtomic } from '@nonlocal-med/core/node';
import { panelOfRuns, type PanelRun } from '@nonlocal-med/pipeline';
import { shortNames } from '@nonlocal-med/report';
import type { WeightsChoice } from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
  splitList,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import {
  type Backend,
  BEST_WEIGHTS,
  engineOption,
  resolveOptionalPath,
  weightsOption,
} from '../options.js';

/** Parsed command-line options. */
interface Options {
  readonly out: string;
  readonly images?: string;
  readonly classes: 'predicted' | 'true';
  readonly titles?: string[];
  readonly masks?: string;
  readonly weights?: WeightsChoice;
  readonly engine?: Backend;
  readonly json?: true;
}

/** `figure`: saliency maps of several runs side by side, as a figure for a paper. */
export function figureCommand({ signal }: CommandContext): Command {
  return addOptions(new Command('figure')).action(async (runs: string[], options: Options) => {
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
  });
}

function addOptions(command: Command): Command {
  return command
    .description(
      'Render a figure of saliency maps: one row per image, with its lesions if there are masks, and one column per run.',
    )
    .argument(
      '<run...>',
      'folders of trained runs on one data set, the baseline first; append @LAYER to choose a layer other than the last feature map',
    )
    .requiredOption('--out <file.png>', 'file to write')
    .option(
      '--images <number|id,...>',
      'number of test images, or their ids; default: 4 on which the runs differ, small lesions first',
    )
    .addOption(
      new Option('--classes <predicted|true>', 'class to explain')
        .choices(['predicted', 'true'])
        .default('predicted'),
    )
    .option(
      '--titles <text,...>',
      'titles of the columns; default: the shortest unambiguous paths of the runs',
      splitList,
    )
    .option(
      '--masks <folder>',
      'lesion masks named like their images, for data sets that list no masks',
    )
    .addOption(weightsOption(BEST_WEIGHTS))
    .addOption(engineOption('the backend of each run'))
    .option('--json', 'print JSON');
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
