/**
 * 16-bit values to 8 bits, rounded. The whole range is kept, so that brightness stays comparable between images: no
 * stretching by each image's own extremes. An image without a value of 4096 or more holds the 12 bits of an X-ray
 * detector in a 16-bit file, and is read as such.
 */
export function toEightBit(values: Uint16Array): Uint8Array {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  const scale = 255 / (largest < 4096 ? 4095 : 65535);
  const result = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i] * scale + 0.5;
  return result;
}
