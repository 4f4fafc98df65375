import type { Batch } from '@nonlocal-med/core';

/** @throws RangeError when a label is not the index of a class: the loss would be silently wrong. */
export function checkLabels({ labels, ids }: Batch, classes: number): void {
  const at = labels.findIndex((label) => label < 0 || label >= classes);
  if (at >= 0)
    throw new RangeError(
      `The label of ${ids[at]} is ${labels[at]}; the classes have indices 0 to ${classes - 1}.`,
    );
}
