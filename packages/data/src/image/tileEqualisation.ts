/** What turns a tile's histogram into its table. */
export interface TileEqualisation {
  /** Highest count a bin may keep; 0 does not clip. */
  readonly limit: number;
  /** float32 of the highest value divided by the tile's pixels. */
  readonly scale: number;
}

/**
 * The clip limit and scale of a tile of `area` pixels with `bins` grey values (spec 7.1, steps 2 and 3).
 */
export function tileEqualisation(clipLimit: number, area: number, bins: number): TileEqualisation {
  return {
    limit: clipLimit > 0 ? Math.max(Math.floor((clipLimit * area) / bins), 1) : 0,
    scale: Math.fround((bins - 1) / area),
  };
}
