import type { Batch, Pixels, Preprocessing } from '@nonlocal-med/core';
import { fileExists, writeAtomic } from '@nonlocal-med/core/node';
import { findingsText, type LoaderSample, orderOf, presetOf } from '@nonlocal-med/data';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import sharp from 'sharp';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader, type RunData } from '../data/runData.js';
import { drawPanel, type Panel, type PanelCell } from '../explanation/panel/drawPanel.js';
import { enlarge } from '../explanation/panel/panelRows.js';
import type { ProgressListener } from '../run/progressListener.js';

/** Images of a run as the network gets them, ready to be drawn. */
export interface ImageSheet {
  readonly title: readonly string[];
  /** Names of the classes, or of the findings and of having none of them. */
  readonly classes: readonly string[];
  /** By class; for findings, each image once, below the first finding that had room for it. */
  readonly images: readonly SheetImage[];
}

/** An image as the network gets it, before normalization: [height, width, 3] in 8 bits. */
export interface SheetImage {
  readonly pixels: Pixels;
  /** Index of its class on the sheet. */
  readonly label: number;
  /** What is printed below it: its class, or its findings. */
  readonly name: string;
  /** Printed below its class. */
  readonly id?: string;
}

/** Where the images of a sheet come from. The augmentation of the configuration must be resolved. */
export interface SheetSource {
  readonly config: RunConfig;
  readonly data: RunData;
  readonly signal?: AbortSignal;
}

/**
 * Training images exactly as the network gets them in the first epoch: with the run's own random values, which depend on
 * seed, epoch and image alone, so that showing images changes nothing in the training. Those of each class that the
 * epoch takes first.
 */
export async function trainingSheet(source: SheetSource): Promise<ImageSheet> {
  const { config, data } = source;
  const { train } = data.split;
  const {
    seed,
    training: { balancedSampling: balanced },
  } = config;
  const order = orderOf(train, { seed, shuffle: true, balanced, epoch: 0 });
  const { augmentation, training } = config;
  const leftOut = training.dropLast === true ? train.length % training.batchSize : 0;
  const taken = new Set(order.subarray(0, train.length - leftOut));
  const samples = Array.from(taken, (index) => train[index]);
  const name =
    typeof augmentation === 'object' ? (presetOf(augmentation) ?? 'own options') : 'none';
  return loadSheet(samples, source, {
    training: true,
    title: [
      'Training images as the network gets them in the first epoch',
      `${preprocessingText(config.preprocessing)}; augmentation: ${name}${mixingText(training)}`,
    ],
  });
}

/** What the images of a sheet lack, which are shown one by one: the mixing of a batch. */
function mixingText({ mixup, cutmix }: RunConfig['training']): string {
  const mixed = Object.entries({ mixup, cutmix }).flatMap(([name, alpha]) =>
    alpha > 0 ? [`${name} ${alpha}`] : [],
  );
  return mixed.length === 0 ? '' : `; before ${mixed.join(' or ')}`;
}

/** Test images as the network gets them, with their true classes: spread evenly over each class. */
export async function testSheet(source: SheetSource): Promise<ImageSheet> {
  const { config, data } = source;
  const rows = rowsOf(data.dataset);
  const most = imagesPerClass(rows.length);
  const samples = rows.flatMap(({ has }) => {
    const all = data.split.test.filter(has);
    const count = Math.min(most, all.length);
    return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
  });
  return loadSheet([...new Set(samples)], source, {
    training: false,
    title: [
      `Test images as the network gets them, with their true ${data.dataset.task === 'multilabel' ? 'findings' : 'classes'}`,
      preprocessingText(config.preprocessing),
    ],
  });
}

/** The images of a class, or with a finding, on a sheet. */
interface SheetRow {
  readonly name: string;
  readonly has: (sample: LoaderSample) => boolean;
}

/** One row per class; or per finding, and one for images without any. */
function rowsOf({ task, classes }: RunData['dataset']): SheetRow[] {
  if (task !== 'multilabel')
    return classes.map((name, label) => ({ name, has: (sample) => sample.label === label }));
  return [
    ...classes.map((name, f): SheetRow => ({ name, has: ({ findings }) => findings?.[f] === 1 })),
    { name: 'no finding', has: ({ findings }) => findings?.includes(1) === false },
  ];
}

const COLUMNS = 8;

/** Up to 32 images of up to 4 classes, a row of each of up to 8, and fewer of each of more classes. */
function imagesPerClass(classes: number): number {
  if (classes <= COLUMNS) return COLUMNS * Math.max(1, Math.floor(4 / classes));
  return classes <= 2 * COLUMNS ? 4 : classes <= 4 * COLUMNS ? 2 : 1;
}

/** Loads the first samples of each class through a loader of the run. */
async function loadSheet(
  samples: readonly LoaderSample[],
  { config, data, signal }: SheetSource,
  { training, title }: { training: boolean; title: readonly string[] },
): Promise<ImageSheet> {
  const { classes, task } = data.dataset;
  const rows = rowsOf(data.dataset);
  const most = imagesPerClass(rows.length);
  const placed = new Map<LoaderSample, number>();
  rows.forEach(({ has }, label) => {
    const free = samples.filter((sample) => !placed.has(sample) && has(sample));
    for (const sample of free.slice(0, most)) placed.set(sample, label);
  });
  const shown = [...placed.keys()];
  const pixels = new Map<string, Pixels>();
  const allBatches = { ...config, training: { ...config.training, dropLast: false } };
  const loader = createRunLoader(shown, allBatches, { classes, training, signal });
  try {
    for await (const batch of loader.epoch(0))
      for (const [index, id] of batch.ids.entries())
        pixels.set(id, batchImage(batch, index, config.preprocessing));
  } finally {
    await loader.close();
  }
  const images = [...placed].map(([{ id, findings }, label]) => ({
    pixels: pixels.get(id)!,
    label,
    name:
      task === 'multilabel' && findings !== undefined
        ? findingsText(findings, classes)
        : rows[label].name,
    ...(training ? {} : { id }),
  }));
  return { title, classes: rows.map(({ name }) => name), images };
}

/** An image of a batch without its normalization. Values of more than 8 bits are on the scale of their data set. */
function batchImage(
  { images, shape: [, height, width] }: Batch,
  index: number,
  { mean, std }: Preprocessing,
): Pixels {
  const length = height * width * 3;
  const values = images.subarray(index * length, (index + 1) * length);
  const data = new Uint8ClampedArray(length); // rounds
  for (let i = 0; i < length; i++) data[i] = 255 * (values[i] * std[i % 3] + mean[i % 3]);
  return { data: new Uint8Array(data.buffer), height, width, channels: 3 };
}

function preprocessingText({ size, fit = 'stretch', color, contrast }: Preprocessing): string {
  const contrasts = { clahe: 'CLAHE', 'local-mean': 'local-mean contrast', none: 'no contrast' };
  return `${size[0]} x ${size[1]} (${fit}), ${color}, ${contrasts[contrast]}`;
}

/**
 * Draws a sheet as PNG, with the class or findings below each image. Images of at most half the size of a tile are enlarged to blocks
 * of pixels, larger ones are reduced.
 * @returns null for a sheet without images
 */
export async function drawSheet({ title, classes, images }: ImageSheet): Promise<Buffer | null> {
  if (images.length === 0) return null;
  const most = imagesPerClass(classes.length);
  const longest = most * classes.length > 4 * COLUMNS ? 112 : 160;
  const cells = images.map(({ pixels, name, id }): PanelCell => ({
    pixels: enlarge(pixels, tileSize(pixels, longest)),
    caption: captionOf(name, id),
  }));
  const rows: Panel['rows'] =
    most < COLUMNS
      ? inRows(cells)
      : classes.flatMap((_, label) => inRows(cells.filter((_, i) => images[i].label === label)));
  return drawPanel({ title, columns: new Array<string[]>(COLUMNS).fill([]), rows });
}

/** The class, and what the id has besides the folder of the class. */
function captionOf(name: string, id?: string): string[] {
  const shown = /^\d+$/.test(name) ? `class ${name}` : name;
  return id === undefined ? [shown] : [shown, id.split(`${name}/`).at(-1)!];
}

function inRows(cells: readonly PanelCell[]): PanelCell[][] {
  const count = Math.ceil(cells.length / COLUMNS);
  return Array.from({ length: count }, (_, row) => cells.slice(row * COLUMNS, (row + 1) * COLUMNS));
}

function tileSize({ height, width }: Pixels, longest: number): [height: number, width: number] {
  const scale = longest / Math.max(height, width);
  const factor = scale >= 1 ? Math.floor(scale) : scale;
  return [Math.max(1, Math.round(factor * height)), Math.max(1, Math.round(factor * width))];
}

/** Bytes of a sheet in a run folder, so that the run's page stays small. */
const MOST_BYTES = 400_000;

/**
 * Writes the two sheets of a run, unless they exist. A run never ends because of them: if they cannot be written, the
 * listener gets a warning, and so does the log of a run that is not resumed.
 */
export async function writeRunSheets({
  run,
  listener,
  ...source
}: SheetSource & { readonly run: RunFolder; readonly listener: ProgressListener }): Promise<void> {
  try {
    for (const [name, load] of [
      [runFiles.trainingSheet, trainingSheet],
      [runFiles.testSheet, testSheet],
    ] as const) {
      if (await fileExists(run.file(name))) continue;
      const png = await drawSheet(await load(source));
      if (png !== null) await writeAtomic(run.file(name), await toWebp(png));
    }
  } catch (error) {
    if (source.signal?.aborted === true) return;
    const message = `The sheets that show the run's images could not be written: ${(error as Error).message}`;
    listener.onEvent?.({ type: 'warning', message });
    await run.appendEvent({ type: 'warning', message }).catch(() => undefined); // nor if the log cannot
  }
}

async function toWebp(png: Buffer): Promise<Buffer> {
  let webp = png;
  for (const quality of [90, 75, 60, 40]) {
    webp = await sharp(png).webp({ quality }).toBuffer();
    if (webp.length <= MOST_BYTES) break;
  }
  return webp;
}
