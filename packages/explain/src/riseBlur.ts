const LENGTH = 11;
const STANDARD_DEVIATION = 5;

/**
 * The blur from which RISE's evaluation starts insertion: a Gaussian window of 11 x 11 pixels with standard deviation 5,
 * zeros around the image (eclique/RISE, evaluation.py).
 * @param image [height, width, 3] in row-major order; not changed
 * @returns [height, width, 3]
 */
export function riseBlur(image: Float32Array, height: number, width: number): Float32Array {
  const rows = blurAlong(image, { length: width, stride: 3 });
  return blurAlong(rows, { length: height, stride: 3 * width });
}

function blurAlong(
  source: Float32Array,
  { length, stride }: { length: number; stride: number },
): Float32Array {
  return source.map((_, i) => {
    const position = Math.floor(i / stride) % length;
    let sum = 0;
    for (let k = 0; k < LENGTH; k++) {
      const neighbor = position + k - (LENGTH - 1) / 2;
      if (neighbor >= 0 && neighbor < length)
        sum += KERNEL[k] * source[i + (neighbor - position) * stride];
    }
    return sum;
  });
}

/** SciPy's gaussian_filter of a unit impulse of 11 values, which reflects what the tails lose beyond the ends. */
const KERNEL: readonly number[] = (() => {
  const radius = Math.trunc(4 * STANDARD_DEVIATION + 0.5);
  const weight = (distance: number): number =>
    Math.exp((-distance * distance) / (2 * STANDARD_DEVIATION * STANDARD_DEVIATION));
  const total = Array.from({ length: 2 * radius + 1 }, (_, i) => weight(i - radius)).reduce(
    (sum, value) => sum + value,
    0,
  );
  const center = (LENGTH - 1) / 2;
  const reflect = (position: number): number => {
    const phase = ((position % (2 * LENGTH)) + 2 * LENGTH) % (2 * LENGTH);
    return phase < LENGTH ? phase : 2 * LENGTH - 1 - phase;
  };
  return Array.from({ length: LENGTH }, (_, i) => {
    let sum = 0;
    for (let distance = -radius; distance <= radius; distance++)
      if (reflect(i + distance) === center) sum += weight(distance);
    return sum / total;
  });
})();
