/** Planes of 8 or 16 bits: 256 or 65,536 bins. */
type Plane = Uint8Array | Uint16Array;

/** One axis of CLAHE's tiling: what a column (or row) of the image needs to know about the tiles around it. */
export interface ClaheAxis {
  /** Pixels of the image along this axis. */
  readonly length: number;
  /** Tiles along this axis. */
  readonly tiles: number;
  /** Pixels per tile; `tiles * tile` is the padded length. */
  readonly tile: number;
  /** Padded position to position in the image: the padding mirrors it without repeating the edge, [tiles * tile]. */
  readonly source: Int32Array;
  /** The tile whose center lies before each pixel; the first tile before the first center, [length]. */
  readonly before: Int32Array;
  /** The tile whose center lies after each pixel; the last tile after the last center, [length]. */
  readonly after: Int32Array;
  /** Weight of the tile after each pixel, as float32, [length]. */
  readonly weight: Float32Array;
}

/** The tiling of one image size. */
export interface ClaheGrid {
  readonly columns: ClaheAxis;
  readonly rows: ClaheAxis;
}

/**
 * CLAHE in plain JavaScript for 8 and 16 bits. Every product and sum of the interpolation is rounded to float32, so
 * that the result equals OpenCV's bit for bit (spec 7.1).
 */
export function clahePortable<P extends Plane>(
  plane: P,
  {
    grid,
    clipLimit,
    output,
  }: { readonly grid: ClaheGrid; readonly clipLimit: number; readonly output: P },
): P {
  interpolate(plane, { grid, tables: tileTables(plane, grid, clipLimit), output });
  return output;
}

/**
 * OpenCV's tiling. An image that does not divide evenly is padded at the right and at the bottom; if one dimension needs
 * padding, an evenly divisible other one gets a whole extra pixel per tile (spec 7.1, step 1; clahe.cpp).
 */
export function claheGrid({
  width,
  height,
  tilesX,
  tilesY,
}: {
  readonly width: number;
  readonly height: number;
  readonly tilesX: number;
  readonly tilesY: number;
}): ClaheGrid {
  const even = width % tilesX === 0 && height % tilesY === 0;
  const tileLength = (length: number, tiles: number): number =>
    even ? length / tiles : Math.floor(length / tiles) + 1;
  return {
    columns: claheAxis(width, tilesX, tileLength(width, tilesX)),
    rows: claheAxis(height, tilesY, tileLength(height, tilesY)),
  };
}

function claheAxis(length: number, tiles: number, tile: number): ClaheAxis {
  const before = new Int32Array(length);
  const after = new Int32Array(length);
  const weight = new Float32Array(length);
  const inverse = Math.fround(1 / tile);
  for (let i = 0; i < length; i++) {
    const position = Math.fround(Math.fround(i * inverse) - 0.5);
    const index = Math.floor(position);
    before[i] = Math.max(index, 0);
    after[i] = Math.min(index + 1, tiles - 1);
    weight[i] = position - index;
  }
  const source = Int32Array.from({ length: tiles * tile }, (_, i) => mirror(i, length));
  return { length, tiles, tile, source, before, after, weight };
}

/** Reflection without repeating the edge, as often as needed (BORDER_REFLECT_101). */
function mirror(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = position % period;
  return within < length ? within : period - within;
}

/** The lookup table of every tile, [tilesY, tilesX, bins]. */
function tileTables(plane: Plane, { columns, rows }: ClaheGrid, clipLimit: number): Plane {
  const bins = plane.BYTES_PER_ELEMENT === 1 ? 256 : 65536;
  const equalization = tileEqualization(clipLimit, columns.tile * rows.tile, bins);
  const length = columns.tiles * rows.tiles * bins;
  const tables = bins === 256 ? new Uint8Array(length) : new Uint16Array(length);
  const counts = new Int32Array(bins);
  for (let tileY = 0; tileY < rows.tiles; tileY++) {
    for (let tileX = 0; tileX < columns.tiles; tileX++) {
      counts.fill(0);
      for (let y = tileY * rows.tile; y < (tileY + 1) * rows.tile; y++) {
        const row = rows.source[y] * columns.length;
        for (let x = tileX * columns.tile; x < (tileX + 1) * columns.tile; x++)
          counts[plane[row + columns.source[x]]]++;
      }
      const offset = (tileY * columns.tiles + tileX) * bins;
      equalizeTile(counts, { tables, offset, ...equalization });
    }
  }
  return tables;
}

/** How a tile's histogram becomes its lookup table. */
interface TileEqualization {
  /** Highest count that a bin may keep; 0 for no limit. */
  readonly limit: number;
  /** The highest level divided by the tile's number of pixels, as float32. */
  readonly scale: number;
}

/** The clip limit and scale of a tile of `area` pixels with `bins` levels (spec 7.1, steps 2 and 3). */
export function tileEqualization(clipLimit: number, area: number, bins: number): TileEqualization {
  return {
    limit: clipLimit > 0 ? Math.max(Math.floor((clipLimit * area) / bins), 1) : 0,
    scale: Math.fround((bins - 1) / area),
  };
}

/**
 * Clips a tile's histogram, redistributes the excess over all bins, and writes the cumulative table to
 * `tables[offset..offset + bins)` (spec 7.1, steps 4 and 5). One pass, so that bins may end above the limit, as in
 * OpenCV. Modifies `counts` [bins].
 */
export function equalizeTile(
  counts: Int32Array,
  {
    tables,
    offset,
    limit,
    scale,
  }: TileEqualization & { readonly tables: Plane; readonly offset: number },
): void {
  if (limit > 0) clipHistogram(counts, limit);
  const highest = counts.length - 1;
  let sum = 0;
  for (let bin = 0; bin <= highest; bin++) {
    sum += counts[bin];
    const value = roundHalfEven(Math.fround(sum * scale));
    tables[offset + bin] = value < highest ? value : highest;
  }
}

function clipHistogram(counts: Int32Array, limit: number): void {
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

/** Interpolates every pixel between the tables of the four tile centers around it (spec 7.1, step 6). */
function interpolate(
  plane: Plane,
  {
    grid: { columns, rows },
    tables,
    output,
  }: { readonly grid: ClaheGrid; readonly tables: Plane; readonly output: Plane },
): void {
  const { fround } = Math;
  const bins = tables.length / (columns.tiles * rows.tiles);
  for (let y = 0, i = 0; y < rows.length; y++) {
    const above = rows.before[y] * columns.tiles;
    const below = rows.after[y] * columns.tiles;
    const b = rows.weight[y];
    const b1 = fround(1 - b);
    for (let x = 0; x < columns.length; x++, i++) {
      const value = plane[i];
      const left = columns.before[x];
      const right = columns.after[x];
      const a = columns.weight[x];
      const a1 = fround(1 - a);
      const top = fround(
        fround(tables[(above + left) * bins + value] * a1) +
          fround(tables[(above + right) * bins + value] * a),
      );
      const bottom = fround(
        fround(tables[(below + left) * bins + value] * a1) +
          fround(tables[(below + right) * bins + value] * a),
      );
      output[i] = roundHalfEven(fround(fround(top * b1) + fround(bottom * b)));
    }
  }
}

/** For values below 2^51: the sum with 1.5 * 2^52 has no bits left for a fraction. */
function roundHalfEven(value: number): number {
  return value + 6755399441055744 - 6755399441055744;
}
