/**
 * Samples of 1, 2 or 4 bits, most significant first, as bytes; each row begins with a byte of its own.
 * @param options.width samples per row
 * @throws Error if the bytes end before the last row does
 */
export function unpackBits(
  bytes: Uint8Array,
  {
    width,
    height,
    bits,
  }: { readonly width: number; readonly height: number; readonly bits: number },
): Uint8Array {
  const stride = Math.ceil((width * bits) / 8);
  if (bytes.length < stride * height) throw new Error('its pixels end too early');
  const samples = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let row = 0, to = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const bit = column * bits;
      const byte = bytes[row * stride + (bit >> 3)];
      samples[to++] = (byte >> (8 - bits - (bit & 7))) & mask;
    }
  return samples;
}
