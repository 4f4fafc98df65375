import { dirname } from 'node:path/posix';
import { InputError, parseOptions, type Task, throwIssues } from '@nonlocal-med/core';
import { dataOptionsSchema } from '../dataset/dataOptionsSchema.js';
import { labelImages } from '../dataset/labelImages.js';
import { labelKey } from '../dataset/labelSpelling.js';
import { countOf, shortList } from '../noteText.js';
import {
  type FindingInputOptions,
  labelFindingInputs,
  labelsWithAdvice,
} from './labelFindingInputs.js';
import type { InputImage } from './listInputs.js';

/** The true classes or findings of images, as far as they are known. */
export interface InputLabels {
  /**
   * Index of the class of each image; -1 if it is not known or excluded. For findings: 1 present, 0 absent, -1 not known,
   * [images, findings] in row-major order.
   */
  readonly labels: Int32Array;
  readonly notes: readonly string[];
}

/** How {@link labelInputs} reads labels. */
interface LabelInputsOptions extends FindingInputOptions {
  /** The classes of the model, or its findings. */
  readonly classes: readonly string[];
  /** The task of the model; default: multiclass. */
  readonly task?: Task;
  readonly folders?: boolean;
}

/**
 * The true classes of images, by the names of a model's classes: those of manifests, or of the folders that contain the
 * images. For a model of several findings, those that manifests tell.
 * @param options.folders take the name of the nearest folder that is called like a class, or a label of the map
 * @param options.labelMap other labels, as in the options of a data set; null excludes images
 * @throws InputError if a label is none of the classes and not in the map, or if no image has a label but folders should
 */
export function labelInputs(
  images: readonly InputImage[],
  { classes, labelMap, folders = false, task, ...options }: LabelInputsOptions,
): InputLabels {
  if (task === 'multilabel') {
    if (folders)
      throw new InputError({
        path: '--folder-labels',
        message: 'a folder names one class, but the model predicts several findings per image',
        hint: 'a manifest with one column per finding, or with a column that lists them',
      });
    return labelFindingInputs(images, { findings: classes, labelMap, ...options });
  }
  const known = new Set([...classes, ...Object.keys(labelMap ?? {})].map(labelKey));
  const folderOf = ({ id }: InputImage): string | undefined =>
    dirname(id)
      .split('/')
      .findLast((name) => known.has(labelKey(name)));
  const labelOf = (image: InputImage): string | undefined =>
    image.label ?? (folders ? folderOf(image) : undefined);
  const listed = images.flatMap((image) => {
    const label = labelOf(image);
    const { id, file } = image;
    return label === undefined ? [] : [{ id, file, label, issuePath: id }];
  });
  const labeled = labelImages(
    { images: listed, labels: [] },
    parseOptions(dataOptionsSchema, { path: '.', labelMap, classes: [...classes] }, 'data'),
  );
  throwIssues(labelsWithAdvice(labeled.issues));
  if (folders && listed.length === 0)
    throw new InputError({
      path: '--folder-labels',
      message: 'no image is in a folder that is called like a class of the model',
      hint: `its classes: ${classes.join(', ')}; labelMap renames folders, such as --label-map healthy=${classes[0]}`,
    });
  const classOf = new Map(labeled.images.map(({ file, className }) => [file, className]));
  const without = images.filter((image) => labelOf(image) === undefined).map(({ id }) => id);
  return {
    labels: Int32Array.from(images, ({ file }) => {
      const className = classOf.get(file);
      return className === undefined ? -1 : classes.indexOf(className);
    }),
    notes: [
      ...labeled.notes,
      ...(listed.length === 0 || without.length === 0
        ? []
        : [`${countOf(without.length, 'image')} without a label: ${shortList(without)}.`]),
    ],
  };
}
