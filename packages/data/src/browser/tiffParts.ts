import { toShorts } from '../image/levels.js';
import type { TiffLayout } from './tiffLayout.js';
import { unpackBits } from './unpackBits.js';

/** Samples as they are stored. */
type Samples = Uint8Array | Uint16Array | Float32Array;

/**
 * The samples of a TIFF file's first page.
 * @returns [height, width, samples]
 * @throws Error if a part is missing or damaged
 */
export function tiffSamples(bytes: Uint8Array, layout: TiffLayout): Samples {
  const { width, height, samples, part, isPlanar, isTiled } = layout;
  const across = isTiled ? Math.ceil(width / part.width) : 1;
  const down = Math.ceil(height / part.height);
  const perPart = isPlanar ? 1 : samples;
  const result = emptySamples(layout, width * height * samples);
  for (let plane = 0, index = 0; plane < (isPlanar ? samples : 1); plane++)
    for (let row = 0; row < down; row++)
      for (let column = 0; column < across; column++, index++) {
        const [top, left] = [row * part.height, column * part.width];
        const rows = isTiled ? part.height : Math.min(part.height, height - top);
        const values = readPart(bytes, layout, { index, rows, perPart });
        for (let y = 0; y < Math.min(rows, height - top); y++)
          for (let x = 0; x < Math.min(part.width, width - left); x++)
            for (let sample = 0; sample < perPart; sample++)
              result[((top + y) * width + left + x) * samples + plane + sample] =
                values[(y * part.width + x) * perPart + sample];
      }
  return result;
}

function emptySamples({ bits, isFloat }: TiffLayout, length: number): Samples {
  if (isFloat) return new Float32Array(length);
  return bits === 16 ? new Uint16Array(length) : new Uint8Array(length);
}

/** One strip or tile, decompressed, [rows, width of the part, samples per part]. */
function readPart(
  bytes: Uint8Array,
  { offsets, byteCounts, decompress, ...layout }: TiffLayout,
  {
    index,
    rows,
    perPart,
  }: { readonly index: number; readonly rows: number; readonly perPart: number },
): Samples {
  const { bits, part, predictor, isFloat, isLittleEndian } = layout;
  const perRow = part.width * perPart;
  const length = Math.ceil((perRow * bits) / 8) * rows;
  const from = offsets[index];
  // Without compression, the number of bytes may be missing.
  const count = byteCounts[index] ?? length;
  if (from === undefined || from + count > bytes.length)
    throw new Error('its pixels are incomplete');
  const raw = decompress(bytes.subarray(from, from + count), length);
  if (raw.length < length) throw new Error('its pixels are incomplete');
  const whole = raw.subarray(0, length);
  if (bits < 8) return unpackBits(whole, { width: perRow, height: rows, bits });
  if (predictor === 3) return undoFloatPredictor(whole, { perRow, perPart });
  const values = typedSamples(whole, { bits, isFloat, swap: !isLittleEndian });
  if (predictor === 2)
    for (let row = 0; row < rows; row++)
      for (let i = perPart; i < perRow; i++)
        values[row * perRow + i] += values[row * perRow + i - perPart];
  return values;
}

/** Bytes as samples, always of memory of their own, in the byte order of this machine. */
function typedSamples(
  bytes: Uint8Array,
  { bits, isFloat, swap }: Pick<TiffLayout, 'bits' | 'isFloat'> & { readonly swap: boolean },
): Samples {
  const own = bytes.slice();
  if (bits === 8) return own;
  const size = bits / 8;
  if (swap) for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse();
  return isFloat ? new Float32Array(own.buffer) : toShorts(own);
}

/** The floating-point predictor of Adobe's TIFF Technical Note 3: differences of bytes, most significant bytes first. */
function undoFloatPredictor(
  bytes: Uint8Array,
  { perRow, perPart }: { readonly perRow: number; readonly perPart: number },
): Float32Array {
  const stride = 4 * perRow;
  const summed = bytes.slice();
  const result = new DataView(new ArrayBuffer(bytes.length));
  for (let start = 0; start < bytes.length; start += stride) {
    for (let i = perPart; i < stride; i++) summed[start + i] += summed[start + i - perPart];
    for (let i = 0; i < perRow; i++)
      for (let byte = 0; byte < 4; byte++)
        result.setUint8(start + 4 * i + 3 - byte, summed[start + byte * perRow + i]);
  }
  return new Float32Array(result.buffer);
}
