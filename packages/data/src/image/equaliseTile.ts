import type { TileEqualisation } from './tileEqualisation.js';

/**
 * Clips a tile's histogram, spreads what was cut off over all bins, and writes the cumulative table (spec 7.1, steps 4
 * and 5). One pass, so that bins may end above the limit, as in OpenCV. `counts` [bins] is changed; the table goes to
 * `tables[offset..offset + bins)`.
 */
export function equaliseTile(
  counts: Int32Array,
  tables: Uint8Array | Uint16Array,
  offset: number,
  { limit, scale }: TileEqualisation,
): void {
  if (limit > 0) clip(counts, limit);
  const highest = counts.length - 1;
  let sum = 0;
  for (let bin = 0; bin <= highest; bin++) {
    sum += counts[bin];
    const value = roundHalfEven(Math.fround(sum * scale));
    tables[offset + bin] = value < highest ? value : highest;
  }
}

function clip(counts: Int32Array, limit: number): void {
  const bins = counts.length;
  let excess = 0;
  for (let bin = 0; bin < bins; bin++) {
    const over = counts[bin] - limit;
    if (over > 0) {
      excess += over;
      counts[bin] = limit;
    }
  }
  if (excess === 0) return;
  const share = Math.floor(excess / bins);
  const rest = excess - share * bins;
  if (share > 0) for (let bin = 0; bin < bins; bin++) counts[bin] += share;
  const step = Math.max(Math.floor(bins / rest), 1);
  for (let bin = 0, left = rest; bin < bins && left > 0; bin += step, left--) counts[bin]++;
}

/** For values below 2^51: the sum with 1.5 * 2^52 has no bits left for a fraction. */
function roundHalfEven(value: number): number {
  return value + 6755399441055744 - 6755399441055744;
}
