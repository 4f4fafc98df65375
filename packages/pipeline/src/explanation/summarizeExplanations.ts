import { bootstrapInterval } from '@nonlocal-med/metrics';
import type { ExplainedImage, ExplainedMap } from '@nonlocal-med/runs';

/** How well the maps at one layer find lesions, over the images that have them, and follow the class, over all images. */
export interface LayerSummary {
  readonly layer: string;
  readonly images: number;
  /** Images with a lesion mask that is not empty; the localisation scores are over these. */
  readonly withLesions: number;
  /** Of these, those whose map is zero everywhere: no energy, and a miss of the pointing game but by chance. */
  readonly zeroMaps: number;
  readonly pointing: MeanInterval | null;
  readonly energyInside: MeanInterval | null;
  readonly intersectionOverUnion: MeanInterval | null;
  /** Mean share of the image that is lesion: pointing game and energy of a map that knows nothing. */
  readonly chance: number | null;
  readonly deletion: MeanInterval | null;
  readonly insertion: MeanInterval | null;
}

/**
 * Scores of each layer as means over images. One map an image counts: that of the predicted class where it was explained,
 * else the true one's, else the first.
 */
export function summarizeExplanations(
  images: readonly ExplainedImage[],
  layers: readonly string[],
  { seed, groups }: { seed?: number; groups?: ReadonlyMap<string, string> } = {},
): LayerSummary[] {
  return layers.map((layer): LayerSummary => {
    const counted = images.flatMap((image) => {
      const map = countedMap(image, layer);
      return map === undefined ? [] : [{ id: image.id, map }];
    });
    const meanOf = (
      value: (map: ExplainedMap) => number | null | undefined,
    ): MeanInterval | null => {
      const rows = counted.flatMap(({ id, map }) =>
        ((own) => (own === undefined || own === null ? [] : [{ id, own }]))(value(map)),
      );
      return meanInterval(
        rows.map(({ own }) => own),
        {
          seed,
          groups: groups === undefined ? undefined : rows.map(({ id }) => groups.get(id) ?? id),
        },
      );
    };
    return {
      layer,
      images: counted.length,
      withLesions: counted.filter(({ map }) => map.scores !== undefined).length,
      zeroMaps: counted.filter(({ map }) => map.scores?.energyInside === null).length,
      pointing: meanOf(({ scores }) => scores?.pointing),
      energyInside: meanOf(({ scores }) => scores?.energyInside),
      intersectionOverUnion: meanOf(({ scores }) => scores?.intersectionOverUnion),
      chance: meanOf(({ scores }) => scores?.lesionShare)?.mean ?? null,
      deletion: meanOf((map) => map.perturbation?.deletion),
      insertion: meanOf((map) => map.perturbation?.insertion),
    };
  });
}

function countedMap(
  { maps, predicted, label }: ExplainedImage,
  layer: string,
): ExplainedMap | undefined {
  const own = maps.filter((map) => map.layer === layer);
  return (
    own.find((map) => map.class === predicted) ?? own.find((map) => map.class === label) ?? own[0]
  );
}

/** A mean over images with its 95 % interval (bootstrap over images, or over patients). */
export interface MeanInterval {
  readonly mean: number;
  /** Null with a single image, and where all values are one: resamples then have no width and would claim too much. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly count: number;
}

/** The mean of some values with a bootstrap interval; null without values. `groups`: whose images are drawn together. */
export function meanInterval(
  values: readonly number[],
  { seed = 0, groups }: { seed?: number; groups?: readonly string[] } = {},
): MeanInterval | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, lower: null, upper: null, count };
  const predictions = {
    classes: ['', ' '],
    ids: values.map((_, index) => String(index)),
    labels: new Int32Array(count),
    probabilities: Float64Array.from({ length: 2 * count }, (_, i) => 1 - (i % 2)),
  };
  const weightedMean =
    () =>
    ({ weights }: { weights: Float64Array }): number => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.reduce((sum, weight, index) => sum + weight * values[index], 0) / total;
    };
  const { lower, upper } = bootstrapInterval(predictions, weightedMean, { seed, groups });
  return lower !== null && upper !== null && lower < upper
    ? { mean, lower, upper, count }
    : { mean, lower: null, upper: null, count };
}
