const LENGTH = 11;
const DEVIATION = 5;

/** SciPy's gaussian_filter of a unit impulse of 11 values: what the wings lose beyond the ends is reflected back. */
const kernel: readonly number[] = (() => {
  const radius = Math.trunc(4 * DEVIATION + 0.5);
  const weight = (distance: number): number =>
    Math.exp((-distance * distance) / (2 * DEVIATION * DEVIATION));
  const total = Array.from({ length: 2 * radius + 1 }, (_, i) => weight(i - radius)).reduce(
    (sum, value) => sum + value,
    0,
  );
  const center = (LENGTH - 1) / 2;
  const reflected = (place: number): number => {
    const phase = ((place % (2 * LENGTH)) + 2 * LENGTH) % (2 * LENGTH);
    return phase < LENGTH ? phase : 2 * LENGTH - 1 - phase;
  };
  return Array.from({ length: LENGTH }, (_, i) => {
    let sum = 0;
    for (let distance = -radius; distance <= radius; distance++)
      if (reflected(i + distance) === center) sum += weight(distance);
    return sum / total;
  });
})();

/**
 * The blur that RISE's evaluation starts insertion from: 11 x 11 taps of a Gaussian of deviation 5, zeros around the
 * image (eclique/RISE, evaluation.py).
 * @param image [height, width, 3] in row-major order; not changed.
 */
export function riseBlur(image: Float32Array, height: number, width: number): Float32Array {
  const along = (
    source: Float32Array,
    { length, stride }: { length: number; stride: number },
  ): Float32Array =>
    source.map((_, at) => {
      const place = Math.floor(at / stride) % length;
      let sum = 0;
      for (let tap = 0; tap < LENGTH; tap++) {
        const other = place + tap - (LENGTH - 1) / 2;
        if (other >= 0 && other < length)
          sum += kernel[tap] * source[at + (other - place) * stride];
      }
      return sum;
    });
  return along(along(image, { length: width, stride: 3 }), { length: height, stride: 3 * width });
}
