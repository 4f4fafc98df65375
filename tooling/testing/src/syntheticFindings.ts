import { createRandom, type FindingPredictions } from '@nonlocal-med/core';
import { type SyntheticModel, syntheticPredictions } from './syntheticPredictions.js';

/**
 * Predictions of a synthetic model for several findings per image: the first of three images shows the first finding, one of
 * four the second, and so on; every eleventh label is not known. Ids, labels and groups depend on the split alone.
 */
export function syntheticFindings({
  findings = ['effusion', 'mass', 'edema'],
  ...model
}: SyntheticModel): FindingPredictions {
  const { ids, groups } = syntheticPredictions(model);
  const { skill, split = 0, seed = 0, imagesPerPatient = 1 } = model;
  const width = findings.length;
  const random = createRandom(seed, 'findings', split);
  const labels = Int32Array.from({ length: ids.length * width }, (_, cell) => {
    const finding = cell % width;
    const image = Number(/\d+/.exec(ids[Math.floor(cell / width)])![0]);
    if ((image * width + finding) % 11 === 10) return -1;
    return (Math.floor(image / imagesPerPatient) + finding) % (3 + finding) === 0 ? 1 : 0;
  });
  const probabilities = Float64Array.from(labels, (label) => {
    const logit = random.normal() + (label === 1 ? skill : 0) - 0.7;
    return 1 / (1 + Math.exp(-logit));
  });
  return { findings, ids, labels, probabilities, ...(groups === undefined ? {} : { groups }) };
}
