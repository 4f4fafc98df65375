import type { Pixels } from '@nonlocal-med/core';

/** What an image reveals without spatial information: 16-bin histograms, means and standard deviations of R, G, B, H, S, V. */
export function colorStatistics({ data }: Pixels): number[] {
  const pixels = data.length / 3;
  const histograms = new Float64Array(6 * 16);
  const sums = new Float64Array(6);
  const squares = new Float64Array(6);
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = data.subarray(i, i + 3);
    [r, g, b, ...hsv(r, g, b)].forEach((value, c) => {
      histograms[16 * c + Math.min(15, Math.floor(value / (c === 3 ? 11.25 : 16)))]++;
      sums[c] += value;
      squares[c] += value * value;
    });
  }
  const means = [...sums].map((sum) => sum / pixels);
  return [
    ...[...histograms].map((count) => count / pixels),
    ...means,
    ...means.map((mean, c) => Math.sqrt(Math.max(squares[c] / pixels - mean * mean, 0))),
  ];
}

/** OpenCV's 8-bit HSV: hue 0..180. */
function hsv(r: number, g: number, b: number): [number, number, number] {
  const v = Math.max(r, g, b);
  const range = v - Math.min(r, g, b);
  if (range === 0) return [0, 0, v];
  const sixth = v === r ? (g - b) / range : v === g ? 2 + (b - r) / range : 4 + (r - g) / range;
  return [Math.round((30 * (sixth + 6)) % 180) % 180, Math.round((255 * range) / v), v];
}
