/** The test inputs of opencv.py: the highest bits of a linear congruential generator. */
export function noise(count: number, bits: 8 | 16 = 8, seed = 1): Uint8Array | Uint16Array {
  const values = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state >>> (32 - bits);
  }
  return values;
}

/** opencv.py's `plane`: 'noise', 'smooth' or a constant, [height, width]. */
export function plane(
  pattern: string,
  {
    width,
    height,
    bits = 8,
  }: { readonly width: number; readonly height: number; readonly bits?: 8 | 16 },
): Uint8Array | Uint16Array {
  if (pattern === 'noise') return noise(width * height, bits);
  const values = bits === 8 ? new Uint8Array(width * height) : new Uint16Array(width * height);
  if (pattern !== 'smooth') return values.fill(Number(pattern));
  return values.map((_, i) => smooth(i % width, Math.floor(i / width)) * (bits === 8 ? 1 : 97));
}

/** opencv.py's `image`: a smooth pattern with a little noise, [height, width, channels]. */
export function image(width: number, height: number, channels: 1 | 3): Uint8Array {
  const grain = noise(width * height * channels, 8, 7);
  return new Uint8Array(grain.length).map(
    (_, i) =>
      (grain[i] >> 3) +
      ((smooth(i % (width * channels), Math.floor(i / (width * channels))) & 255) >> 1),
  );
}

function smooth(x: number, y: number): number {
  return Math.floor((x * x + 3 * y * y + 7 * x) / 16);
}
