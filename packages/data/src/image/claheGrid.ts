/** One axis of CLAHE's tiling: what a column (or row) of the image needs to know about the tiles around it. */
export interface ClaheAxis {
  /** Pixels of the image along this axis. */
  readonly length: number;
  /** Tiles along this axis and the pixels in each; `tiles * tile` is the padded length. */
  readonly tiles: number;
  readonly tile: number;
  /** Padded position -> position in the image: the padding mirrors it without repeating the edge. */
  readonly source: Int32Array;
  /** Tiles whose centres lie before and behind a pixel; the same tile beyond the outer centres. */
  readonly before: Int32Array;
  readonly behind: Int32Array;
  /** Weight of the tile behind, as float32. */
  readonly weight: Float32Array;
}

/** The tiling of one image size. */
export interface ClaheGrid {
  readonly columns: ClaheAxis;
  readonly rows: ClaheAxis;
}

/**
 * OpenCV's tiling. An image that does not divide evenly is padded at the right and at the bottom; when one dimension
 * needs padding, an evenly divisible other one gets a whole extra pixel per tile (spec 7.1, step 1; clahe.cpp).
 */
export function claheGrid({
  width,
  height,
  tilesX,
  tilesY,
}: {
  width: number;
  height: number;
  tilesX: number;
  tilesY: number;
}): ClaheGrid {
  const even = width % tilesX === 0 && height % tilesY === 0;
  const tileOf = (length: number, tiles: number): number =>
    even ? length / tiles : Math.floor(length / tiles) + 1;
  return {
    columns: axis(width, tilesX, tileOf(width, tilesX)),
    rows: axis(height, tilesY, tileOf(height, tilesY)),
  };
}

function axis(length: number, tiles: number, tile: number): ClaheAxis {
  const before = new Int32Array(length);
  const behind = new Int32Array(length);
  const weight = new Float32Array(length);
  const inverse = Math.fround(1 / tile);
  for (let i = 0; i < length; i++) {
    const position = Math.fround(Math.fround(i * inverse) - 0.5);
    const index = Math.floor(position);
    before[i] = Math.max(index, 0);
    behind[i] = Math.min(index + 1, tiles - 1);
    weight[i] = position - index;
  }
  const source = Int32Array.from({ length: tiles * tile }, (_, i) => mirror(i, length));
  return { length, tiles, tile, source, before, behind, weight };
}

/** Reflection without repeating the edge, as often as needed (BORDER_REFLECT_101). */
function mirror(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = position % period;
  return within < length ? within : period - within;
}
