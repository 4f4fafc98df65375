/** How well a map finds the lesions of one image. */
export interface LocalizationScores {
  /** 1 when the map's maximum (the first, on ties) lies in a lesion or within the tolerance, else 0: the pointing game. */
  readonly pointing: number;
  /** Share of the map's sum that lies inside lesions (Wang et al. 2020); null when the map is zero everywhere. */
  readonly energyInside: number | null;
  /** Largest intersection over union of the lesions and the map thresholded at any of its own values. */
  readonly intersectionOverUnion: number;
  /** The threshold that gives it: pixels of at least this value count as found. */
  readonly threshold: number;
  /** Share of the image that is lesion: what `energyInside` is for a constant map. */
  readonly lesionShare: number;
}

/** When the maximum of a map counts as a hit of the pointing game. */
export interface PointingOptions {
  /**
   * Pixels that it may lie beside a lesion. Default 0. Zhang et al. 2018 allow 15 on photographs of some 500 pixels, where
   * objects are large; a lesion of three pixels is then hit by what is nowhere near it.
   */
  readonly tolerance?: number;
  /** Pixels in a row of the map; needed with a tolerance. */
  readonly width?: number;
}

/**
 * Localisation scores of a map against a lesion mask; null when the mask is empty.
 * @param map [height * width], non-negative. @param mask [height * width], non-zero inside lesions.
 * @throws RangeError when the lengths differ, or there is a tolerance but no width that divides them.
 */
export function localizationScores(
  map: Float32Array,
  mask: Uint8Array,
  { tolerance = 0, width }: PointingOptions = {},
): LocalizationScores | null {
  if (tolerance > 0 && !(width !== undefined && Number.isInteger(mask.length / width)))
    throw new RangeError(
      `localisationScores: a tolerance of ${tolerance} pixels needs the width of the map; got ${width}.`,
    );
  if (map.length !== mask.length)
    throw new RangeError(
      `localisationScores: the map has ${map.length} values, the mask ${mask.length}.`,
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

/** One pass over the pixels from the highest value down; a threshold takes all pixels of equal value together. */
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
