import { claheKernelBytes } from './claheKernelBytes.js';
import { type ClaheGrid, equalizeTile, tileEqualization } from './clahePortable.js';

/** The functions of clahe.wat; addresses are bytes in its memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly count: (...addresses: number[]) => void;
  readonly interleave: (...addresses: number[]) => void;
  readonly interpolate: (...addresses: number[]) => void;
}

/** CLAHE of 8-bit planes [height, width] of one size, whose tiling is laid out in the kernel's memory. */
export type ClaheKernel = (plane: Uint8Array, clipLimit: number, output: Uint8Array) => Uint8Array;

const BINS = 256;
const WORD = 4;

let exports: Exports | null | undefined;

/**
 * The WebAssembly kernel for one tiling, or null if 128-bit SIMD is not available. All kernels share one memory:
 * creating one invalidates the previous one.
 */
export function claheKernel(grid: ClaheGrid): ClaheKernel | null {
  exports ??= load();
  return exports === null ? null : layOutKernel(exports, grid);
}

function load(): Exports | null {
  try {
    const bytes = Uint8Array.from(atob(claheKernelBytes), (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;
  } catch {
    return null;
  }
}

function layOutKernel(
  { memory, count, interleave, interpolate }: Exports,
  grid: ClaheGrid,
): ClaheKernel {
  const { columns, rows } = grid;
  const pixels = columns.length * rows.length;
  const tiles = columns.tiles * rows.tiles;
  const cellRow = (columns.tiles + 1) * BINS * WORD;
  const quads = roundUp(columns.length, 4);

  let end = 0;
  const reserve = (bytes: number): number => {
    const start = end;
    end = roundUp(end + bytes, 16);
    return start;
  };
  const at = {
    plane: reserve(pixels + WORD),
    output: reserve(pixels + WORD),
    counts: reserve(BINS * WORD),
    tables: reserve(tiles * BINS),
    cells: reserve((rows.tiles + 1) * cellRow),
    columnSource: reserve(columns.source.length * WORD),
    rowSource: reserve(rows.source.length * WORD),
    columnCell: reserve(quads * WORD),
    columnWeight: reserve(quads * WORD),
    rowCell: reserve(rows.length * WORD),
    rowWeight: reserve(rows.length * WORD),
  };
  if (end > memory.buffer.byteLength)
    memory.grow(Math.ceil((end - memory.buffer.byteLength) / 65536));

  const integers = (start: number, length: number): Int32Array =>
    new Int32Array(memory.buffer, start, length);
  const bytes = (start: number, length: number): Uint8Array =>
    new Uint8Array(memory.buffer, start, length);
  integers(at.columnSource, columns.source.length).set(columns.source);
  integers(at.rowSource, rows.source.length).set(rows.source);
  integers(at.columnCell, quads)
    .fill(0)
    .set(cellsOf(columns.before, columns.after).map((cell) => cell * BINS * WORD));
  integers(at.rowCell, rows.length).set(
    cellsOf(rows.before, rows.after).map((cell) => at.cells + cell * cellRow),
  );
  new Float32Array(memory.buffer, at.columnWeight, quads).fill(0).set(columns.weight);
  new Float32Array(memory.buffer, at.rowWeight, rows.length).set(rows.weight);
  const input = bytes(at.plane, pixels);
  const result = bytes(at.output, pixels);
  const counts = integers(at.counts, BINS);
  const tables = bytes(at.tables, tiles * BINS);

  const equalizeTiles = (clipLimit: number): void => {
    const equalization = tileEqualization(clipLimit, columns.tile * rows.tile, BINS);
    for (let tile = 0; tile < tiles; tile++) {
      const tileY = Math.floor(tile / columns.tiles);
      const left = (tile % columns.tiles) * columns.tile;
      const right = left + columns.tile;
      counts.fill(0);
      count(
        at.plane,
        columns.length,
        at.counts,
        left,
        Math.max(left, Math.min(right, columns.length)),
        right,
        tileY * rows.tile,
        (tileY + 1) * rows.tile,
        at.columnSource,
        at.rowSource,
      );
      equalizeTile(counts, { tables, offset: tile * BINS, ...equalization });
    }
  };
  const interleaveCells = (): void => {
    for (let cellY = 0; cellY <= rows.tiles; cellY++) {
      const above = Math.max(cellY - 1, 0) * columns.tiles;
      const below = Math.min(cellY, rows.tiles - 1) * columns.tiles;
      for (let cellX = 0; cellX <= columns.tiles; cellX++) {
        const left = Math.max(cellX - 1, 0);
        const right = Math.min(cellX, columns.tiles - 1);
        interleave(
          at.tables + (above + left) * BINS,
          at.tables + (above + right) * BINS,
          at.tables + (below + left) * BINS,
          at.tables + (below + right) * BINS,
          at.cells + cellY * cellRow + cellX * BINS * WORD,
        );
      }
    }
  };

  return (plane, clipLimit, output) => {
    input.set(plane);
    equalizeTiles(clipLimit);
    interleaveCells();
    interpolate(
      at.plane,
      at.output,
      columns.length,
      rows.length,
      at.columnCell,
      at.columnWeight,
      at.rowCell,
      at.rowWeight,
    );
    output.set(result);
    return output;
  };
}

/** Index of the cell between tile centers that a pixel lies in: 0 before the first center, `tiles` after the last. */
function cellsOf(before: Int32Array, after: Int32Array): Int32Array {
  return after.map((tile, i) => (tile === before[i] && tile > 0 ? tile + 1 : tile));
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
