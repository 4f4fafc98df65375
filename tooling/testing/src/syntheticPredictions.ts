import { createRandom, type Predictions } from '@nonlocal-med/core';

/** A synthetic model: `skill` raises the score of the true class, `split` selects the images, `seed` the noise. */
export interface SyntheticModel {
  readonly classes?: readonly string[];
  /** The model finds these in each image, instead of one of several classes. */
  readonly findings?: readonly string[];
  readonly images?: number;
  readonly skill: number;
  readonly split?: number;
  /** Only fold `index` of `of` of a cross-validation on twice as many images; default: a split of them. */
  readonly fold?: { readonly index: number; readonly of: number };
  readonly seed?: number;
  /** Images per patient, which share one label; default: no patients. */
  readonly imagesPerPatient?: number;
}

/** Predictions of a synthetic model. Image ids and labels depend on the split alone; splits share about half of their images. */
export function syntheticPredictions({
  classes = ['grade 0', 'grade 1', 'grade 2'],
  images = 60,
  skill,
  split = 0,
  fold,
  seed = 0,
  imagesPerPatient,
}: SyntheticModel): Predictions {
  const all = Array.from({ length: images * 2 }, (_, i) => i);
  const patientOf = (image: number): number => Math.floor(image / (imagesPerPatient ?? 1));
  // Patients of all classes in turn are in each fold.
  const foldOf = (image: number, of: number): number =>
    Math.floor(patientOf(image) / classes.length) % of;
  const pool =
    fold === undefined
      ? createRandom(split, 'split')
          .shuffle(all)
          .slice(0, images)
          .sort((a, b) => a - b)
      : all.filter((image) => foldOf(image, fold.of) === fold.index);
  const labels = Int32Array.from(pool, (image) => patientOf(image) % classes.length);
  const random = createRandom(seed, 'model', split);
  const probabilities = new Float64Array(pool.length * classes.length);
  labels.forEach((label, i) => {
    const scores = classes.map((_, c) =>
      Math.exp((c === label ? skill : 0) + random.normal() + Math.sin(pool[i] * (c + 1))),
    );
    const sum = scores.reduce((total, score) => total + score, 0);
    scores.forEach((score, c) => (probabilities[i * classes.length + c] = score / sum));
  });
  return {
    classes,
    ids: pool.map((image) => `images/${image}.png`),
    labels,
    probabilities,
    ...(imagesPerPatient === undefined
      ? {}
      : { groups: pool.map((image) => `patient ${patientOf(image)}`) }),
  };
}
