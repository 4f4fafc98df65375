import { checkClahe, type ClaheOptions } from './checkClahe.js';
import { type ClaheGrid, claheGrid } from './claheGrid.js';
import { clahePortable } from './clahePortable.js';
import { type ClaheKernel, claheKernel } from './kernel/claheKernel.js';

let prepared: { readonly grid: ClaheGrid; readonly kernel: ClaheKernel | null } | undefined;

/**
 * Contrast limited adaptive histogram equalisation of an 8-bit plane [height, width], equal to OpenCV's
 * `createCLAHE(clipLimit, (tilesX, tilesY)).apply(plane)` bit for bit (spec 7.1; clahe.cpp). What a size needs is kept
 * for the next call of that size; with `output` (the plane itself is allowed) a call allocates nothing that grows with
 * the image.
 *
 * @throws RangeError when the plane's length is not width * height, or a number is out of range.
 */
export function clahe(
  plane: Uint8Array,
  {
    width,
    height,
    clipLimit = 2,
    tilesX = 8,
    tilesY = 8,
    output,
  }: ClaheOptions & { readonly output?: Uint8Array },
): Uint8Array {
  checkClahe(plane, { width, height, clipLimit, tilesX, tilesY });
  const target = output ?? new Uint8Array(plane.length);
  if (target.length !== plane.length)
    throw new RangeError(
      `clahe's output has ${target.length} values for a plane of ${plane.length}.`,
    );
  const { grid, kernel } = prepare(width, height, tilesX, tilesY);
  return kernel === null
    ? clahePortable(plane, grid, clipLimit, target)
    : kernel(plane, clipLimit, target);
}

function prepare(
  width: number,
  height: number,
  tilesX: number,
  tilesY: number,
): { readonly grid: ClaheGrid; readonly kernel: ClaheKernel | null } {
  if (prepared !== undefined) {
    const { columns, rows } = prepared.grid;
    if (
      columns.length === width &&
      rows.length === height &&
      columns.tiles === tilesX &&
      rows.tiles === tilesY
    )
      return prepared;
  }
  const grid = claheGrid({ width, height, tilesX, tilesY });
  prepared = { grid, kernel: claheKernel(grid) };
  return prepared;
}
