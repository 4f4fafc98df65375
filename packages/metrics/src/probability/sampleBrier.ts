import type { ScoredSamples } from '../sample/scoredSamples.js';

/** Each sample's squared distance between its probabilities and its true class; halved when there are two classes. [count] */
export function sampleBrier({ classes, labels, probabilities }: ScoredSamples): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    let sum = 0;
    for (let c = 0; c < classes; c++)
      sum += (probabilities[i * classes + c] - (c === label ? 1 : 0)) ** 2;
    return classes === 2 ? sum / 2 : sum;
  });
}
