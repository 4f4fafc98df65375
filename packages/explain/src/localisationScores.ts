/** How well a map finds the lesions of one image. */
export interface LocalisationScores {
  /** 1 when the map's maximum (the first, on ties) lies in a lesion, else 0: the pointing game (Zhang et al. 2018). */
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

/**
 * Localisation scores of a map against a lesion mask; null when the mask is empty.
 * @param map [height * width], non-negative. @param mask [height * width], non-zero inside lesions.
 * @throws RangeError when the lengths differ.
 */
export function localisationScores(map: Float32Array, mask: Uint8Array): LocalisationScores | null {
  if (map.length !== mask.length) throw new RangeError(`localisationScores: the map has ${map.length} values, the mask ${mask.length}.`);
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
  return { pointing: mask[peak] > 0 ? 1 : 0, energyInside: total > 0 ? inside / total : null, intersectionOverUnion, threshold, lesionShare: lesionPixels / mask.length };
}

/** One pass over the pixels from the highest value down; a threshold takes all pixels of equal value together. */
function bestThreshold(map: Float32Array, mask: Uint8Array, lesionPixels: number): { intersectionOverUnion: number; threshold: number } {
  const order = Uint32Array.from(map, (_, i) => i).sort((a, b) => map[b] - map[a]);
  let best = { intersectionOverUnion: 0, threshold: map[order[0]] };
  let hits = 0;
  for (let rank = 0; rank < order.length; rank++) {
    if (mask[order[rank]] > 0) hits++;
    if (rank + 1 < order.length && map[order[rank + 1]] === map[order[rank]]) continue;
    const intersectionOverUnion = hits / (rank + 1 + lesionPixels - hits);
    if (intersectionOverUnion > best.intersectionOverUnion) best = { intersectionOverUnion, threshold: map[order[rank]] };
  }
  return best;
}
