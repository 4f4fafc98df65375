import type { SaliencyMap } from '@nonlocal-med/core';
import { bootstrapMean } from '@nonlocal-med/metrics';
import type { ExplainedImage, ExplainedMap } from '@nonlocal-med/runs';

/** How well the maps of one method and layer locate lesions (over images with lesions) and follow the class (over all). */
export interface MapSummary extends SaliencyMap {
  readonly images: number;
  /** Images with a lesion mask that is not empty; the localization scores are means over these. */
  readonly withLesions: number;
  /** Number of these whose map is zero everywhere: it has no energy, and hits the pointing game only by chance. */
  readonly zeroMaps: number;
  readonly pointing: MeanInterval | null;
  readonly energyInside: MeanInterval | null;
  readonly intersectionOverUnion: MeanInterval | null;
  /** Mean fraction of the image that is lesion: the expected pointing game and energy of an uninformative map. */
  readonly chance: number | null;
  readonly deletion: MeanInterval | null;
  readonly insertion: MeanInterval | null;
}

/**
 * Mean scores of each method and layer over images. One map per image counts: that of the predicted class if it was explained, else
 * that of the true class, else the first one.
 * @param options.groups group (patient) of each image, by id: whole groups are resampled
 */
export function summarizeExplanations(
  images: readonly ExplainedImage[],
  maps: readonly SaliencyMap[],
  { seed, groups }: { seed?: number; groups?: ReadonlyMap<string, string> } = {},
): MapSummary[] {
  return maps.map(({ method, layer }): MapSummary => {
    const counted = images.flatMap((image) => {
      const map = countedMap(image, { method, layer });
      return map === undefined ? [] : [{ id: image.id, map }];
    });
    const meanOf = (
      score: (map: ExplainedMap) => number | null | undefined,
    ): MeanInterval | null => {
      const scored = counted.flatMap(({ id, map }) => {
        const value = score(map) ?? null;
        return value === null ? [] : [{ id, value }];
      });
      return meanInterval(
        scored.map(({ value }) => value),
        { seed, groups: groups && scored.map(({ id }) => groups.get(id) ?? id) },
      );
    };
    return {
      method,
      layer,
      images: counted.length,
      withLesions: counted.filter(({ map }) => map.scores !== undefined).length,
      zeroMaps: counted.filter(({ map }) => map.scores?.energyInside === null).length,
      pointing: meanOf(({ scores }) => scores?.pointing),
      energyInside: meanOf(({ scores }) => scores?.energyInside),
      intersectionOverUnion: meanOf(({ scores }) => scores?.intersectionOverUnion),
      chance: meanOf(({ scores }) => scores?.lesionShare)?.mean ?? null,
      deletion: meanOf(({ perturbation }) => perturbation?.deletion),
      insertion: meanOf(({ perturbation }) => perturbation?.insertion),
    };
  });
}

function countedMap(
  { maps, predicted, label }: ExplainedImage,
  { method, layer }: SaliencyMap,
): ExplainedMap | undefined {
  const layerMaps = maps.filter(
    (map) => map.layer === layer && (map.method ?? 'gradcam') === method,
  );
  return (
    layerMaps.find((map) => map.class === predicted) ??
    layerMaps.find((map) => map.class === label) ??
    layerMaps[0]
  );
}

/** A mean over images with its 95 % bootstrap interval, over images or over patients. */
export interface MeanInterval {
  readonly mean: number;
  /** Null for a single image and for equal values, where resampling would claim certainty. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly count: number;
}

/** The mean of some values with a bootstrap interval; null without values. Values of one group are resampled together. */
export function meanInterval(
  values: readonly number[],
  { seed = 0, groups }: { seed?: number; groups?: readonly string[] } = {},
): MeanInterval | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, lower: null, upper: null, count };
  const { lower, upper } = bootstrapMean(values, { seed, groups });
  return lower !== null && upper !== null && lower < upper
    ? { mean, lower, upper, count }
    : { mean, lower: null, upper: null, count };
}
