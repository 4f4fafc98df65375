import { count, InputError } from '@nonlocal-med/core';
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
import { Command } from 'commander';
import { readOptions, type TrainingOptions } from '../options/readOptions.js';
import { addTrainingFlags } from '../options/trainingFlags.js';
import { datasetText } from '../output/datasetText.js';
import { imageList } from '../output/imageList.js';

/** `data check` and `data preview`. */
export function dataCommand(context: CommandContext): Command {
  return new Command('data')
    .description('Inspect a data set.')
    .addCommand(checkCommand(context))
    .addCommand(previewCommand(context));
}

/** `data check`: contents and problems of a data set, and its split. */
function checkCommand({ signal }: CommandContext): Command {
  const check = new Command('check').description(
    'Check every image and label of a data set, and show the split that training would use. Exits with code 2 if training would fail.',
  );
  return addTrainingFlags(check, { sections: ['data', 'split', 'seed'] })
    .option(
      '--list <file.csv>',
      'write one line per image: id, file, class, patient, part of the split',
    )
    .option('--json', 'print JSON')
    .action(async ({ list, ...options }: TrainingOptions & { list?: string; json?: true }) => {
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
          imageList(dataset, runSplitOptions(config, dataset)),
        );
      if (options.json !== undefined)
        emitJson({ ...description, ...(shortcuts === undefined ? {} : { shortcuts }) });
      else process.stdout.write(`${datasetText(description, shortcuts)}\n`);
      if ('issues' in description.split) process.exitCode = exitCodes.wrongInput;
    });
}

/** `data preview`: what the network of a training with these options would get. */
function previewCommand({ signal }: CommandContext): Command {
  const preview = new Command('preview').description(
    'Draw what the network sees: training images after augmentation, and test images, by class. Every run writes the same two sheets into its folder.',
  );
  return addTrainingFlags(preview, {
    sections: ['data', 'split', 'seed', 'preprocessing', 'augmentation'],
  })
    .option('--out <file.png>', 'file to write', 'preview.png')
    .option('--json', 'print JSON')
    .action(async ({ out, json, ...options }: TrainingOptions & { out: string; json?: true }) => {
      if (!/\.png$/i.test(out))
        throw new InputError({ path: '--out', message: `got "${out}"`, hint: 'a .png file' });
      const file = resolveUserPath(out);
      const config = parseRunConfig(await readOptions(options));
      const display = createProgressDisplay();
      const { png, images } = await previewImages(config, {
        signal,
        onNote: display.line,
        onImages: display.stage,
      });
      await writeAtomic(file, png);
      if (json !== undefined) return emitJson({ file, images });
      const { training, test } = images;
      process.stdout.write(
        `Drawn: ${count(training, 'training image')} as in the first epoch, ${count(test, 'test image')}\nPreview: ${file}\n`,
      );
    });
}
