import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { InputError, unknownName } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import {
  explainImages,
  type ExportedModel,
  openExportedModel,
  predictImages,
} from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { type Backend, engineOption, rejectUnused } from '../options.js';

/** Parsed command-line options. */
interface Options {
  readonly explain?: string;
  readonly layer?: string;
  readonly class?: string;
  readonly engine?: Backend;
  readonly json?: true;
}

/** `predict`: class probabilities of image files. */
export function predictCommand({ signal }: CommandContext): Command {
  return new Command('predict')
    .description('Predict the class probabilities of images, preprocessed as in training.')
    .argument('<model>', 'folder of a run or of an exported model')
    .argument('<image...>', 'image files')
    .option('--explain <folder>', 'write a Grad-CAM overlay of each image into this folder')
    .option('--layer <name>', 'layer to explain; default: the last feature map')
    .option('--class <name>', 'class to explain; default: the predicted class')
    .addOption(engineOption('auto'))
    .option('--json', 'print one JSON line per image')
    .action(async (folder: string, images: string[], options: Options) => {
      const { explain, layer, class: explainedClass, engine, json } = options;
      if (explain === undefined)
        rejectUnused({ '--layer': layer, '--class': explainedClass }, 'only with --explain');
      await useEngine({ backend: engine });
      const model = await openExportedModel(resolveUserPath(folder));
      try {
        const classIndex =
          explainedClass === undefined ? undefined : indexOfClass(explainedClass, model.labels);
        const predictions = await predict(model, images, signal);
        if (explain !== undefined)
          await writeOverlays(model, images, {
            folder: resolveUserPath(explain),
            layer,
            classIndex,
          });
        if (json !== undefined) return predictions.forEach(emitJson);
        process.stdout.write(`${predictionTable(predictions, model.labels)}\n`);
      } finally {
        model.dispose();
      }
    });
}

interface Prediction {
  readonly image: string;
  readonly prediction: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

async function predict(
  model: ExportedModel,
  images: readonly string[],
  signal: AbortSignal,
): Promise<Prediction[]> {
  const { labels } = model;
  const files = images.map((image) => resolveUserPath(image));
  const display = createProgressDisplay();
  const { probabilities } = await predictImages(model, files, {
    signal,
    onProgress: (done, total) => display.stage('predicting', done, total),
  });
  return images.map((image, index) => {
    const row = [...probabilities.subarray(index * labels.length, (index + 1) * labels.length)];
    return {
      image,
      prediction: labels[row.indexOf(Math.max(...row))],
      probabilities: Object.fromEntries(labels.map((label, k) => [label, row[k]])),
    };
  });
}

function predictionTable(predictions: readonly Prediction[], labels: readonly string[]): string {
  return formatTable(
    [
      { title: 'image' },
      { title: 'prediction' },
      ...labels.map((title) => ({ title, align: 'right' as const })),
    ],
    predictions.map(({ image, prediction, probabilities }) => [
      image,
      prediction,
      ...labels.map((label) => probabilities[label].toFixed(4)),
    ]),
  );
}

async function writeOverlays(
  model: ExportedModel,
  images: readonly string[],
  { folder, layer, classIndex }: { folder: string; layer?: string; classIndex?: number },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = images.map((image) => resolveUserPath(image));
  const names = overlayNames(files);
  await explainImages(model, files, {
    layer,
    classIndex,
    fileOf: (index) => join(folder, names[index]),
  });
  process.stderr.write(`Overlays: ${folder}\n`);
}

/** Unique file names for the overlays of images. Equal names are numbered, including those that differ only in case. */
export function overlayNames(files: readonly string[]): string[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const stem = basename(file, extname(file));
    let name = stem;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}`;
    taken.add(name.toLowerCase());
    return `${name}-grad-cam.png`;
  });
}

function indexOfClass(name: string, known: readonly string[]): number {
  if (known.includes(name)) return known.indexOf(name);
  throw new InputError(unknownName({ path: '--class', kind: 'class', name, known }));
}
