/** The overlays of `predict --explain`: a saliency map over each image, for findings one for each that is predicted. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MOST_EXPLAINED } from '@nonlocal-med/classifier';
import { count, type SaliencyMethod } from '@nonlocal-med/core';
import type { ImageSource } from '@nonlocal-med/data';
import {
  type ExplainedClass,
  explainImages,
  type ExplainImagesOptions,
  type ExportedModel,
  type ImagesExplained,
} from '@nonlocal-med/pipeline';
import { type ProgressDisplay, resolveUserPath } from '@nonlocal-med/terminal';
import type { PredictionResult } from './predictionOutput.js';
import type { PredictOptions } from './predictOptions.js';

/** What `--explain` writes, and where. */
interface OverlayOptions extends Pick<ExplainImagesOptions, 'method' | 'layer' | 'classes'> {
  readonly folder: string;
}

/**
 * The options of overlays; undefined without `--explain`.
 * @throws InputError if the model has no such layer, class or finding
 */
export async function overlayOptions(
  model: ExportedModel,
  { explain, method, layer, classes }: PredictOptions,
): Promise<OverlayOptions | undefined> {
  if (explain === undefined) return undefined;
  const options = { folder: resolveUserPath(explain), method, layer, classes };
  await writeOverlays(model, [], options);
  return options;
}

/** Writes the overlays of all images that were predicted, and says where they are and what they do not show. */
export async function explainPredicted(
  model: ExportedModel,
  { images }: PredictionResult,
  {
    display,
    signal,
    ...options
  }: OverlayOptions & { readonly display: ProgressDisplay; readonly signal: AbortSignal },
): Promise<void> {
  const predicted = images.filter(({ result }) => 'facts' in result);
  const { empty, leftOut } = await writeOverlays(
    model,
    predicted.map(({ result: { file, frame } }) => ({ file, frame })),
    { ...options, signal, onProgress: (done, total) => display.stage('explaining', done, total) },
  );
  const isSeveral = model.task === 'multilabel';
  const nameOf = ({ index, class: finding }: ExplainedClass): string =>
    isSeveral ? `${predicted[index].id} (${model.labels[finding]})` : predicted[index].id;
  if (empty.length > 0)
    display.line(
      `${count(empty.length, 'map')} without any evidence for the ${isSeveral ? 'finding' : 'class'} at this layer: ${listed(empty.map(nameOf))}.`,
    );
  if (leftOut.length > 0)
    display.line(
      `Overlays show the ${MOST_EXPLAINED} most probable of the predicted findings of an image. Left out: ${listed(leftOut.map(nameOf))}. --classes names others, or all.`,
    );
  display.line(`Overlays: ${options.folder}`);
}

/** The first five names, and how many more there are. */
function listed(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.slice(0, 5).join(', ')}${more}`;
}

async function writeOverlays(
  model: ExportedModel,
  sources: readonly ImageSource[],
  { folder, ...options }: OverlayOptions & Omit<ExplainImagesOptions, 'fileOf'>,
): Promise<ImagesExplained> {
  await mkdir(folder, { recursive: true });
  const stems = overlayNames(sources);
  const isNamed = model.task === 'multilabel' || options.classes !== undefined;
  const names = uniqueNames();
  return explainImages(model, sources, {
    ...options,
    fileOf: ({ index, class: shown }, { method }) => {
      const name = isNamed ? `-${fileText(model.labels[shown])}` : '';
      return join(folder, `${names(`${stems[index]}${name}-${SUFFIXES[method]}`)}.png`);
    },
  });
}

/** How the file names of overlays end. */
const SUFFIXES: Readonly<Record<SaliencyMethod, string>> = {
  gradcam: 'grad-cam',
  'gradcam++': 'grad-cam-plus-plus',
  layercam: 'layercam',
  hirescam: 'hirescam',
  'attention-source': 'attention-source',
  'attention-received': 'attention-received',
};

/** A class or finding as part of a file name: letters and digits of any script, and single hyphens for everything else. */
const fileText = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N}_]+/gu, '-').replaceAll(/^-|-$/g, '') || 'class';

/** Unique names for the overlays of images, without extension. Equal names are numbered, including those that differ only in case. */
export function overlayNames(sources: readonly ImageSource[]): string[] {
  const names = uniqueNames();
  return sources.map(({ file, frame }) => {
    const base = basename(file).replace(/\.[a-z]\w*$/i, ''); // DICOM files may be called 1.2.840.113
    return names(frame === undefined ? base : `${base}-frame-${frame + 1}`);
  });
}

/** Numbers names that were there before. */
function uniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  return (stem) => {
    let name = stem;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
