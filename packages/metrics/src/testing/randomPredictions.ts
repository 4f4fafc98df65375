import { createRandom, type Predictions } from '@nonlocal-med/core';

/** Random predictions that favor the true class: softmax of normal noise plus `sharpness` at the true class. */
export function randomPredictions({
  count,
  classes,
  sharpness = 1,
  seed = 0,
  name = 'a',
}: {
  count: number;
  classes: number;
  sharpness?: number;
  seed?: number;
  name?: string;
}): Predictions {
  const truth = createRandom(seed, 'truth');
  const random = createRandom(seed, 'scores', name);
  const labels = Int32Array.from({ length: count }, (_, i) =>
    i < classes ? i : truth.integer(classes),
  );
  const probabilities = new Float64Array(count * classes);
  labels.forEach((label, i) => {
    const powers = Array.from({ length: classes }, (_, c) =>
      Math.exp(random.normal() + (c === label ? sharpness : 0)),
    );
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, c) => (probabilities[i * classes + c] = power / sum));
  });
  return {
    classes: Array.from({ length: classes }, (_, c) => `grade ${c}`),
    ids: Array.from(labels, (_, i) => `image-${i}.png`),
    labels,
    probabilities,
  };
}
