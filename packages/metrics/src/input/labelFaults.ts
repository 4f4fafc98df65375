import type { Fault } from '@nonlocal-med/core';

/** One fault for each entry that is not a class index. */
export function labelFaults(labels: ArrayLike<number>, classes: number, name = 'labels'): Fault[] {
  const faults: Fault[] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      faults.push({
        where: `${name}[${i}]`,
        what: `${label} is not a class index`,
        allowed: `whole numbers from 0 to ${classes - 1}`,
      });
    }
  }
  return faults;
}
