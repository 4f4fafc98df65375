/**
 * Blurs a plane [height, width] in place with a Gaussian; the edge pixel is repeated outside. The kernel extends to four
 * standard deviations, as OpenCV's does for floats. `sigmaX` and `sigmaY` are standard deviations in pixels.
 *
 * @returns the plane
 */
export function gaussianBlur(
  plane: Float32Array,
  {
    width,
    height,
    sigmaX,
    sigmaY = sigmaX,
  }: {
    readonly width: number;
    readonly height: number;
    readonly sigmaX: number;
    readonly sigmaY?: number;
  },
): Float32Array {
  const line = new Float64Array(
    Math.max(width + 2 * radiusOf(sigmaX), height + 2 * radiusOf(sigmaY)),
  );
  const alongX = halfKernel(sigmaX);
  for (let y = 0; y < height; y++)
    blurLine(plane, { start: y * width, step: 1, length: width, line }, alongX);
  const alongY = halfKernel(sigmaY);
  for (let x = 0; x < width; x++)
    blurLine(plane, { start: x, step: width, length: height, line }, alongY);
  return plane;
}

interface Line {
  /** Index of the first value, and the distance to the next one. */
  readonly start: number;
  readonly step: number;
  readonly length: number;
  /** Buffer for the values with the repeated edges, at least [length + 2 * radius]. */
  readonly line: Float64Array;
}

function blurLine(
  plane: Float32Array,
  { start, step, length, line }: Line,
  kernel: Float64Array,
): void {
  const radius = kernel.length - 1;
  const last = start + (length - 1) * step;
  for (let i = 0; i < radius; i++) {
    line[i] = plane[start];
    line[radius + length + i] = plane[last];
  }
  for (let i = 0, from = start; i < length; i++, from += step) line[radius + i] = plane[from];
  for (let i = radius, to = start; i < radius + length; i++, to += step) {
    let sum = line[i] * kernel[0];
    for (let k = 1; k <= radius; k++) sum += (line[i - k] + line[i + k]) * kernel[k];
    plane[to] = sum;
  }
}

/** Weights at distances 0, 1, ..., radius; they and their mirror images sum to 1. */
function halfKernel(sigma: number): Float64Array {
  const weights = Float64Array.from({ length: radiusOf(sigma) + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const sum = 2 * weights.reduce((total, weight) => total + weight, 0) - weights[0];
  return weights.map((weight) => weight / sum);
}

/** Half of OpenCV's kernel size, `round(8 sigma + 1) | 1`. */
function radiusOf(sigma: number): number {
  return Math.round(8 * sigma + 1) >> 1;
}
