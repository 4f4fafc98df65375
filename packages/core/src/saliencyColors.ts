/**
 * The colors of saliency maps, on pages and in overlays: viridis, as in Matplotlib, and opaque only where a map is high,
 * so that the image stays visible. Values at 0, 0.1, ... 1 of a map's maximum, from 0 to 1, to be interpolated linearly.
 */
export const saliencyColors = {
  red: [0.267, 0.283, 0.254, 0.207, 0.164, 0.128, 0.135, 0.267, 0.478, 0.741, 0.993],
  green: [0.005, 0.141, 0.265, 0.372, 0.471, 0.567, 0.659, 0.749, 0.821, 0.873, 0.906],
  blue: [0.329, 0.458, 0.53, 0.553, 0.558, 0.551, 0.518, 0.441, 0.318, 0.15, 0.144],
  opacity: [0, 0.04, 0.12, 0.25, 0.42, 0.58, 0.72, 0.82, 0.9, 0.96, 1],
} as const satisfies Record<string, readonly number[]>;

/** The color of a value of a map in [0, 1]: red, green, blue and opacity, each from 0 to 1. */
export function saliencyColor(
  value: number,
): [red: number, green: number, blue: number, opacity: number] {
  const position = 10 * Math.min(1, Math.max(0, value));
  const below = Math.min(9, Math.floor(position));
  const between = (table: readonly number[]): number =>
    table[below] + (position - below) * (table[below + 1] - table[below]);
  const { red, green, blue, opacity } = saliencyColors;
  return [between(red), between(green), between(blue), between(opacity)];
}

/**
 * The colors of maps from 0 to 1 as a CSS gradient from left to right, as transparent as they are over an image.
 * @example
 * ```ts
 * import { saliencyGradient } from '@nonlocal-med/core';
 *
 * console.log(saliencyGradient.slice(0, 42)); // linear-gradient(to right, rgb(68 1 84 / 0)
 * ```
 */
export const saliencyGradient = `linear-gradient(to right, ${saliencyColors.opacity
  .map((opacity, i) => {
    const { red, green, blue } = saliencyColors;
    const channels = [red[i], green[i], blue[i]].map((value) => Math.round(255 * value));
    return `rgb(${channels.join(' ')} / ${opacity})`;
  })
  .join(', ')})`;
