import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, suggestName, throwIssues } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { explainImages, openExportedModel, predictImages } from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import { overlayNames } from '../overlayNames.js';

interface Options {
  readonly explain?: string;
  readonly layer?: string;
  readonly class?: string;
  readonly engine: 'auto' | 'native' | 'wasm';
  readonly json?: true;
}

/** `predict`: class probabilities of image files. */
export function predictCommand({ signal }: CommandContext): Command {
  return new Command('predict')
    .description('Class probabilities of images, prepared as the model wants them.')
    .argument('<model>', 'folder of a run or of an exported model')
    .argument('<image...>', 'image files')
    .option('--explain <folder>', 'write a Grad-CAM overlay of each image there')
    .option('--layer <name>', 'layer to explain at; default: the last with both branches')
    .option('--class <name>', 'class to explain; default: the predicted one')
    .addOption(
      new Option('--engine <auto|native|wasm>', 'where the numbers run')
        .choices(['auto', 'native', 'wasm'])
        .default('auto'),
    )
    .option('--json', 'print one JSON line an image')
    .action(
      async (
        place: string,
        images: string[],
        { explain, layer, class: explained, engine, json }: Options,
      ) => {
        const needing = Object.entries({ '--layer': layer, '--class': explained }).filter(
          ([, value]) => value !== undefined && explain === undefined,
        );
        throwIssues(
          needing.map(([path, value]) => ({
            path,
            message: `got "${value}" without --explain`,
            hint: 'with --explain, the folder of the overlays',
          })),
        );
        await useEngine({ backend: engine });
        const model = await openExportedModel(resolveUserPath(place));
        try {
          const files = images.map((image) => resolveUserPath(image));
          const { labels } = model;
          const classIndex = explained === undefined ? undefined : indexOfClass(explained, labels);
          const display = createProgressDisplay();
          const { probabilities } = await predictImages(model, files, {
            signal,
            onProgress: (done, total) => display.stage('predicting', done, total),
          });
          const row = (index: number): number[] => [
            ...probabilities.subarray(index * labels.length, (index + 1) * labels.length),
          ];
          const predictions = images.map((image, index) => ({
            image,
            prediction: labels[argMax(row(index))],
            probabilities: Object.fromEntries(labels.map((label, k) => [label, row(index)[k]])),
          }));
          if (explain !== undefined)
            await writeOverlays(model, files, {
              folder: resolveUserPath(explain),
              layer,
              classIndex,
            });
          if (json !== undefined) return predictions.forEach(emitJson);
          const columns = [
            { title: 'image' },
            { title: 'prediction' },
            ...labels.map((title) => ({ title, align: 'right' as const })),
          ];
          process.stdout.write(
            `${formatTable(
              columns,
              predictions.map(({ image, prediction }, index) => [
                image,
                prediction,
                ...row(index).map((value) => value.toFixed(4)),
              ]),
            )}\n`,
          );
        } finally {
          model.dispose();
        }
      },
    );
}

async function writeOverlays(
  model: Awaited<ReturnType<typeof openExportedModel>>,
  files: readonly string[],
  { folder, layer, classIndex }: { folder: string; layer?: string; classIndex?: number },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = overlayNames(files);
  await explainImages(model, files, {
    layer,
    classIndex,
    fileOf: (index) => join(folder, names[index]),
  });
  process.stderr.write(`Overlays: ${folder}\n`);
}

function indexOfClass(name: string, labels: readonly string[]): number {
  if (labels.includes(name)) return labels.indexOf(name);
  const near = suggestName(name, labels);
  throw new InputError({
    path: '--class',
    message: `there is no class "${name}"`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}one of ${labels.join(', ')}`,
  });
}

const argMax = (values: readonly number[]): number => values.indexOf(Math.max(...values));
