/** Pixels in memory, row by row, channels interleaved. */
export interface Raster<Data extends Uint8Array | Uint16Array | Float32Array> {
  readonly values: Data;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Turns an image upright, as the field Orientation of EXIF and TIFF says.
 * @param orientation 1 (upright) to 8; other values change nothing
 */
export function orient<Data extends Uint8Array | Uint16Array | Float32Array>(
  raster: Raster<Data>,
  orientation: number,
): Raster<Data> {
  if (!(orientation >= 2 && orientation <= 8)) return raster;
  const { values, height, width, channels } = raster;
  const isTransposed = orientation >= 5;
  const [rows, columns] = isTransposed ? [width, height] : [height, width];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const result = values.slice() as Data;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = isTransposed ? [row, column] : [column, row];
      const from =
        ((fromBottom ? height - 1 - y : y) * width + (fromRight ? width - 1 - x : x)) * channels;
      for (let channel = 0; channel < channels; channel++) result[to++] = values[from + channel];
    }
  }
  return { values: result, height: rows, width: columns, channels };
}
