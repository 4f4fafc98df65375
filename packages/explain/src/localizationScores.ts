/** How well a saliency map finds the lesions of one image. */
export interface LocalizationScores {
  /** The pointing game: 1 if the map's maximum (the first of ties) is in a lesion or within the tolerance, else 0. */
  readonly pointing: number;
  /** Fraction of the map's sum that is inside lesions (Wang et al. 2020); null if the map is zero everywhere. */
  readonly energyInside: number | null;
  /** Largest intersection over union of the lesions and the map, thresholded at any of its values. */
  readonly intersectionOverUnion: number;
  /** The threshold of that intersection over union: pixels of at least this value count as found. */
  readonly threshold: number;
  /** Fraction of the image that is lesion, which is `energyInside` of a constant map. */
  readonly lesionShare: number;
}

/** When the maximum of a map counts as a hit of the pointing game. */
export interface PointingOptions {
  /**
   * Largest distance to a lesion in pixels. Default 0. Zhang et al. 2018 allow 15 on photographs of about 500 pixels with
   * large objects; for a lesion of three pixels that would count maxima that are nowhere near it.
   */
  readonly tolerance?: number;
  /** Pixels per row of the map; required with a tolerance. */
  readonly width?: number;
}

/**
 * Scores a saliency map against a lesion mask.
 * @param map [height * width], non-negative
 * @param mask [height * width], non-zero inside lesions
 * @returns null if the mask is empty
 * @throws RangeError if the lengths differ, or a tolerance is given without a width that divides them
 * @example
 * ```ts
 * import { localizationScores } from '@nonlocal-med/explain';
 *
 * const map = Float32Array.of(0, 0.25, 0.75, 0.5, 1, 0, 0, 0);
 * const lesions = Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 0);
 *
 * const scores = localizationScores(map, lesions);
 * console.log(scores?.pointing, scores?.energyInside); // 0 0.5
 * ```
 */
export function localizationScores(
  map: Float32Array,
  mask: Uint8Array,
  { tolerance = 0, width }: PointingOptions = {},
): LocalizationScores | null {
  if (tolerance > 0 && !(width !== undefined && Number.isInteger(mask.length / width)))
    throw new RangeError(
      `localizationScores: a tolerance of ${tolerance} pixels needs the width of the map, got ${width}.`,
    );
  if (map.length !== mask.length)
    throw new RangeError(
      `localizationScores: the map has ${map.length} values, the mask ${mask.length}.`,
    );
  const lesionPixels = mask.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
  if (lesionPixels === 0) return null;
  let total = 0;
  let inside = 0;
  let peak = 0;
  map.forEach((value, i) => {
    total += value;
    if (mask[i] > 0) inside += value;
    if (value > map[peak]) peak = i;
  });
  const { intersectionOverUnion, threshold } = bestThreshold(map, mask, lesionPixels);
  const hit =
    mask[peak] > 0 || (tolerance > 0 && distanceToLesion(mask, peak, width!) <= tolerance);
  return {
    pointing: hit ? 1 : 0,
    energyInside: total > 0 ? inside / total : null,
    intersectionOverUnion,
    threshold,
    lesionShare: lesionPixels / mask.length,
  };
}

function distanceToLesion(mask: Uint8Array, from: number, width: number): number {
  const [row, column] = [Math.floor(from / width), from % width];
  return mask.reduce(
    (nearest, value, i) =>
      value > 0
        ? Math.min(nearest, Math.hypot(Math.floor(i / width) - row, (i % width) - column))
        : nearest,
    Infinity,
  );
}

/** One pass over the pixels in descending order. Pixels of equal value cross the threshold together. */
function bestThreshold(
  map: Float32Array,
  mask: Uint8Array,
  lesionPixels: number,
): { intersectionOverUnion: number; threshold: number } {
  const order = Uint32Array.from(map, (_, i) => i).sort((a, b) => map[b] - map[a]);
  let best = { intersectionOverUnion: 0, threshold: map[order[0]] };
  let hits = 0;
  for (let rank = 0; rank < order.length; rank++) {
    if (mask[order[rank]] > 0) hits++;
    if (rank + 1 < order.length && map[order[rank + 1]] === map[order[rank]]) continue;
    const intersectionOverUnion = hits / (rank + 1 + lesionPixels - hits);
    if (intersectionOverUnion > best.intersectionOverUnion)
      best = { intersectionOverUnion, threshold: map[order[rank]] };
  }
  return best;
}
