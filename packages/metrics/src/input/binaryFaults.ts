import type { Fault } from '@nonlocal-med/core';

/** One fault for each label that is not 0 or 1 and each score that is not a number (infinities have an order, NaN has none). */
export function binaryFaults(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  name = 'scores',
): Fault[] {
  const faults: Fault[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      faults.push({
        where: `labels[${i}]`,
        what: `${labels[i]} is not a two-class label`,
        allowed: '0 (negative) or 1 (positive)',
      });
    if (Number.isNaN(scores[i]))
      faults.push({
        where: `${name}[${i}]`,
        what: 'the score is NaN',
        allowed: 'numbers that have an order',
      });
  }
  return faults;
}
