import { type Dataset, InputError } from '@nonlocal-med/core';
import type { LoaderSample } from '@nonlocal-med/data';

/**
 * The samples of a data set with the labels of a model, matched by the classes' names; some of the model's classes may be
 * absent, and their order is free.
 * @throws InputError when the data set has a class that the model does not know.
 */
export function relabelSamples(
  { classes, samples }: Pick<Dataset, 'classes' | 'samples'>,
  labels: readonly string[],
  path: string,
): LoaderSample[] {
  const unknown = classes.filter((name) => !labels.includes(name));
  if (unknown.length > 0)
    throw new InputError({
      path: path,
      message: `the model does not know the classes ${unknown.map((name) => `"${name}"`).join(', ')}`,
      hint: `its classes: ${labels.join(', ')}; labelMap can rename`,
    });
  return samples.map((sample): LoaderSample => ({
    ...sample,
    label: labels.indexOf(classes[sample.label]),
  }));
}
