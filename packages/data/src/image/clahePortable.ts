import type { ClaheGrid } from './claheGrid.js';
import { equaliseTile } from './equaliseTile.js';
import { tileEqualisation } from './tileEqualisation.js';

type Plane = Uint8Array | Uint16Array;

/**
 * CLAHE in plain JavaScript for 8 and 16 bits (256 or 65,536 bins, by the plane's type). Every product and sum of the
 * interpolation is rounded to float32, so that the result equals OpenCV's bit for bit (spec 7.1).
 */
export function clahePortable<P extends Plane>(
  plane: P,
  grid: ClaheGrid,
  clipLimit: number,
  output: P,
): P {
  const bins = plane.BYTES_PER_ELEMENT === 1 ? 256 : 65536;
  interpolate(plane, grid, tileTables(plane, grid, clipLimit, bins), output);
  return output;
}

/** The table of every tile, [tilesY, tilesX, bins]. */
function tileTables(
  plane: Plane,
  { columns, rows }: ClaheGrid,
  clipLimit: number,
  bins: number,
): Plane {
  const equalisation = tileEqualisation(clipLimit, columns.tile * rows.tile, bins);
  const tables =
    bins === 256
      ? new Uint8Array(columns.tiles * rows.tiles * bins)
      : new Uint16Array(columns.tiles * rows.tiles * bins);
  const counts = new Int32Array(bins);
  for (let tileY = 0; tileY < rows.tiles; tileY++) {
    for (let tileX = 0; tileX < columns.tiles; tileX++) {
      counts.fill(0);
      for (let y = tileY * rows.tile; y < (tileY + 1) * rows.tile; y++) {
        const row = rows.source[y] * columns.length;
        for (let x = tileX * columns.tile; x < (tileX + 1) * columns.tile; x++)
          counts[plane[row + columns.source[x]]]++;
      }
      equaliseTile(counts, tables, (tileY * columns.tiles + tileX) * bins, equalisation);
    }
  }
  return tables;
}

/** Every pixel through the tables of the four tile centres around it (spec 7.1, step 6). */
function interpolate(
  plane: Plane,
  { columns, rows }: ClaheGrid,
  tables: Plane,
  output: Plane,
): void {
  const { fround } = Math;
  const bins = tables.length / (columns.tiles * rows.tiles);
  for (let y = 0, i = 0; y < rows.length; y++) {
    const above = rows.before[y] * columns.tiles;
    const below = rows.behind[y] * columns.tiles;
    const b = rows.weight[y];
    const b1 = fround(1 - b);
    for (let x = 0; x < columns.length; x++, i++) {
      const value = plane[i];
      const left = columns.before[x];
      const right = columns.behind[x];
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
      // 1.5 * 2^52 leaves no bits for a fraction: rounds half to even.
      output[i] =
        fround(fround(top * b1) + fround(bottom * b)) + 6755399441055744 - 6755399441055744;
    }
  }
}
