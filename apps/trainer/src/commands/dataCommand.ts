import { count, InputError, wrapText } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { describeDataset } from '@nonlocal-med/data';
import {
  findShortcuts,
  openRunDataset,
  parseRunConfig,
  previewImages,
  runSplitOptions,
} from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  exitCodes,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import type { CheckOptions, PreviewOptions } from '../options/inspectOptions.js';
import { readOptions } from '../options/readOptions.js';
import { datasetText } from '../output/datasetText.js';
import { imageList } from '../output/imageList.js';

/** `data check`: contents and problems of a data set, and its split. */
export function checkCommand({ signal }: CommandContext) {
  return async ({ list, keepFormulas, ...options }: CheckOptions): Promise<void> => {
    if (list === undefined && keepFormulas !== undefined)
      throw new InputError({
        path: '--keep-formulas',
        message: 'has no effect',
        hint: 'only with --list',
      });
    const config = parseRunConfig(await readOptions(options));
    const display = createProgressDisplay();
    const dataset = await openRunDataset(config.data, {
      signal,
      onProgress: (done, total) => display.stage('checking images', done, total),
    });
    const description = describeDataset(dataset, runSplitOptions(config, dataset));
    const shortcuts = findShortcuts(dataset);
    if (list !== undefined)
      await writeAtomic(
        resolveUserPath(list),
        imageList(dataset, runSplitOptions(config, dataset), { keepFormulas }),
      );
    if (options.json !== undefined)
      emitJson({ ...description, ...(shortcuts === undefined ? {} : { shortcuts }) });
    else process.stdout.write(`${datasetText(description, shortcuts)}\n`);
    if ('issues' in description.split) process.exitCode = exitCodes.wrongInput;
  };
}

/** `data preview`: what the network of a training with these options would get. */
export function previewCommand({ signal }: CommandContext) {
  return async ({ out, json, ...options }: PreviewOptions): Promise<void> => {
    if (!/\.png$/i.test(out))
      throw new InputError({ path: '--out', message: `got "${out}"`, hint: 'a .png file' });
    const file = resolveUserPath(out);
    const config = parseRunConfig(await readOptions(options));
    const display = createProgressDisplay();
    const { png, images } = await previewImages(config, {
      signal,
      onNote: (text) => display.line(wrapText(text)),
      onImages: display.stage,
    });
    await writeAtomic(file, png);
    if (json !== undefined) return emitJson({ file, images });
    const { training, test } = images;
    process.stdout.write(
      `Drawn: ${count(training, 'training image')} as in the first epoch, ${count(test, 'test image')}\nPreview: ${file}\n`,
    );
  };
}
