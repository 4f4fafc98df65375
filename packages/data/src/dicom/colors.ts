import type { DataSet } from 'dicom-parser';
import { unsupported } from './imageAttributes.js';
import type { StoredValues } from './storedValues.js';

/** Color as levels from 0 to 65,535, [pixels, 3]. */
type ColorLevels = Uint16Array;

/** Levels of RGB values of so many bits. */
export function scaleRgb(values: StoredValues['values'], bitsStored: number): ColorLevels {
  const step = 65535 / (2 ** bitsStored - 1);
  const levels = new Uint16Array(values.length);
  for (let i = 0; i < levels.length; i++) levels[i] = values[i] * step + 0.5;
  return levels;
}

/** YBR_FULL to RGB in 8 bits (DICOM PS3.3, section C.7.6.3.1.2, the inverse matrix of ITU-R BT.601). */
export function ybrToRgb(values: StoredValues['values']): Uint8Array {
  const result = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i += 3) {
    const [y, cb, cr] = [values[i], values[i + 1] - 128, values[i + 2] - 128];
    result[i] = y + 1.402 * cr;
    result[i + 1] = y - (0.114 * 1.772 * cb + 0.299 * 1.402 * cr) / 0.587;
    result[i + 2] = y + 1.772 * cb;
  }
  return new Uint8Array(result.buffer);
}

/**
 * Looks palette colors up (DICOM PS3.3, section C.7.6.3.1.5).
 *
 * @throws Error if a table is missing or shorter than it declares, InputError without a path if it is segmented
 */
export function applyPalette(values: StoredValues['values'], dataSet: DataSet): ColorLevels {
  const tables = [1, 2, 3].map((color) => readTable(dataSet, color));
  const result = new Uint16Array(values.length * 3);
  for (let i = 0; i < values.length; i++)
    for (let c = 0; c < 3; c++) {
      const { first, levels } = tables[c];
      result[3 * i + c] = levels[Math.min(Math.max(values[i] - first, 0), levels.length - 1)];
    }
  return result;
}

/** Levels of red (1), green (2) or blue (3); those of 8-bit tables are scaled. */
function readTable(
  dataSet: DataSet,
  color: number,
): { readonly first: number; readonly levels: Uint16Array } {
  const [descriptor, tag] = [`x0028110${color}`, `x0028120${color}`];
  const count = dataSet.uint16(descriptor, 0);
  const element = dataSet.elements[tag];
  if (count === undefined || element === undefined)
    throw dataSet.elements[`x0028122${color}`] === undefined
      ? new Error('its palette is missing')
      : unsupported('a segmented palette');
  const levels = new Uint16Array(count || 65536);
  const isByte = element.length < 2 * levels.length;
  if (element.length < levels.length)
    throw new Error(`its palette has ${element.length} bytes for ${levels.length} colors`);
  const isEightBit = isByte || dataSet.uint16(descriptor, 2) === 8;
  for (let i = 0; i < levels.length; i++) {
    const entry = isByte ? dataSet.byteArray[element.dataOffset + i] : dataSet.uint16(tag, i)!;
    levels[i] = isEightBit ? (entry & 255) * 257 : entry;
  }
  return { first: dataSet.uint16(descriptor, 1) ?? 0, levels };
}
