import { access } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { panelOfRuns, type PanelRun } from '@nonlocal-med/pipeline';
import { shortNames } from '@nonlocal-med/report';
import type { WeightsChoice } from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import { splitList } from '../options/splitList.js';

interface Options {
  readonly out: string;
  readonly images?: string;
  readonly classes: 'predicted' | 'true';
  readonly titles?: string;
  readonly masks?: string;
  readonly weights?: WeightsChoice;
  readonly engine?: 'auto' | 'native' | 'wasm';
  readonly json?: true;
}

/** `figure`: runs side by side on some images, as a picture for a paper. */
export function figureCommand({ signal }: CommandContext): Command {
  return new Command('figure')
    .description(
      'A picture of where runs looked: a row an image, with its lesions where there are masks, and a column a run.',
    )
    .argument(
      '<run...>',
      'folders of trained runs on one data set, the baseline first; RUN@LAYER for another layer than the one that is classified',
    )
    .requiredOption('--out <file.png>', 'where the picture goes')
    .option(
      '--images <number|id,...>',
      'test images, or how many to choose (default: 4 on which the runs differ, small lesions first)',
    )
    .addOption(
      new Option('--classes <predicted|true>', 'whose map is shown')
        .choices(['predicted', 'true'])
        .default('predicted'),
    )
    .option(
      '--titles <text,...>',
      'titles of the columns; default: names of the folders, with as much of the path as tells them apart',
    )
    .option(
      '--masks <folder>',
      'lesion masks, named after their images, where the data set names none',
    )
    .addOption(
      new Option('--weights <selected|last>', "the runs' chosen epoch or their last").choices([
        'selected',
        'last',
      ]),
    )
    .addOption(
      new Option(
        '--engine <auto|native|wasm>',
        "where the numbers run; default: each run's own engine",
      ).choices(['auto', 'native', 'wasm']),
    )
    .option('--json', 'print JSON')
    .action(
      async (
        places: string[],
        { out, images: wanted, classes: explained, titles, masks, weights, engine, json }: Options,
      ) => {
        const file = resolveUserPath(out);
        if (!/\.png$/i.test(out))
          throw new InputError({
            path: '--out',
            message: `got "${out}"`,
            hint: 'a file that ends in .png',
          });
        const display = createProgressDisplay();
        const chosen =
          wanted === undefined || /^[1-9]\d*$/.test(wanted.trim()) ? undefined : splitList(wanted);
        const { png, images } = await panelOfRuns({
          runs: await readRuns(places, splitList(titles)),
          images: chosen ?? (wanted === undefined ? undefined : Number(wanted)),
          explained,
          masks: masks === undefined ? undefined : resolveUserPath(masks),
          weights,
          engine,
          signal,
          onNote: display.line,
          onImages: display.stage,
        });
        await writeAtomic(file, png);
        if (json !== undefined) return emitJson({ file, images });
        const how =
          chosen === undefined
            ? 'Images on which the runs differ first, in turn with the last run right and wrong, small lesions first\n(--images takes others)'
            : 'Images';
        process.stdout.write(
          `${how}:\n${images.map((id) => `  ${id}`).join('\n')}\n\nPicture: ${file}\n`,
        );
      },
    );
}

/** RUN or RUN@LAYER; a folder that has an @ in its name is taken as it is. */
async function readRuns(
  places: readonly string[],
  titles: readonly string[] | undefined,
): Promise<PanelRun[]> {
  if (titles !== undefined && titles.length !== places.length)
    throw new InputError({
      path: '--titles',
      message: `has ${titles.length} titles`,
      hint: `one for each of the ${places.length} runs`,
    });
  const runs = await Promise.all(
    places.map(async (place): Promise<PanelRun> => {
      const whole = await access(resolveUserPath(place)).then(
        () => true,
        () => false,
      );
      const cut = place.lastIndexOf('@');
      const [folder, layer] =
        whole || cut < 1 ? [place, undefined] : [place.slice(0, cut), place.slice(cut + 1)];
      return { folder: resolveUserPath(folder), layer };
    }),
  );
  const folders = [...new Set(runs.map(({ folder }) => folder))];
  const names = shortNames(folders);
  return runs.map((run, index) => ({
    ...run,
    title: titles?.[index] ?? names[folders.indexOf(run.folder)],
  }));
}
