import { dirname } from 'node:path/posix';
import { InputError, type Issue, parseOptions, throwIssues } from '@nonlocal-med/core';
import { type DataOptions, dataOptionsSchema } from '../dataset/dataOptionsSchema.js';
import { labelImages } from '../dataset/labelImages.js';
import { labelKey } from '../dataset/labelSpelling.js';
import { countOf, shortList } from '../noteText.js';
import type { InputImage } from './listInputs.js';

/** The true classes of images, as far as they are known. */
export interface InputLabels {
  /** Index of the class of each image; -1 if it is not known or excluded. */
  readonly labels: Int32Array;
  readonly notes: readonly string[];
}

/**
 * The true classes of images, by the names of a model's classes: those of manifests, or of the folders that contain the
 * images.
 * @param options.folders take the name of the nearest folder that is called like a class, or a label of the map
 * @param options.labelMap other labels, as in the options of a data set; null excludes images
 * @throws InputError if a label is none of the classes and not in the map, or if no image has a label but folders should
 */
export function labelInputs(
  images: readonly InputImage[],
  {
    classes,
    labelMap,
    folders = false,
  }: {
    readonly classes: readonly string[];
    readonly labelMap?: DataOptions['labelMap'];
    readonly folders?: boolean;
  },
): InputLabels {
  const known = new Set([...classes, ...Object.keys(labelMap ?? {})].map(labelKey));
  const folderOf = ({ id }: InputImage): string | undefined =>
    dirname(id)
      .split('/')
      .findLast((name) => known.has(labelKey(name)));
  const labelOf = (image: InputImage): string | undefined =>
    image.label ?? (folders ? folderOf(image) : undefined);
  const listed = images.flatMap((image) => {
    const label = labelOf(image);
    return label === undefined ? [] : [{ ...image, label, issuePath: image.id }];
  });
  const labeled = labelImages(
    { images: listed, labels: [] },
    parseOptions(dataOptionsSchema, { path: '.', labelMap, classes: [...classes] }, 'data'),
  );
  throwIssues(labeled.issues.map(withAdvice));
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

const withAdvice = ({ hint, ...issue }: Issue): Issue => ({
  ...issue,
  hint: `${hint === undefined ? '' : `${hint}; `}--label-map renames labels; --ignore-labels only predicts`,
});
