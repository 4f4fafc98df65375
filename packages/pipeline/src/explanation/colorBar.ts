import type { Pixels } from '@nonlocal-med/core';
import { jetColors } from '@nonlocal-med/explain';
import type { OverlayOptions } from 'sharp';
import { encodeImage } from './heatMap.js';
import { drawText } from './panel/drawPanel.js';

/**
 * An overlay as PNG, unchanged, with the scale of its colors to the right of it on white: the colors of the map before
 * they were blended with the image, from 0 at the bottom to 1, the largest value of the map, at the top.
 * @param image 8-bit pixels, [height, width, 3]
 */
export function withColorBar(image: Pixels): Promise<Buffer> {
  const { height, width } = image;
  const margin = Math.min(20, Math.max(5, Math.round(height / 48)));
  const fontSize = 2 * margin;
  const bar = drawBar({ height: Math.max(2, height - 2 * margin), width: 2 * margin });
  const left = width + margin;
  const labels = [1, 0.5, 0].map((value) =>
    drawText({
      text: String(value),
      x: left + bar.width + margin + fontSize,
      baseline: margin + (1 - value) * bar.height + 0.36 * fontSize,
      size: fontSize,
      width: 2 * fontSize,
    }),
  );
  const size = { width: left + bar.width + margin + 2 * fontSize, height };
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${height}">${labels.join('')}</svg>`;
  const raw = (pixels: Pixels, at: { left: number; top: number }): OverlayOptions => ({
    input: Buffer.from(pixels.data),
    raw: { width: pixels.width, height: pixels.height, channels: pixels.channels },
    ...at,
  });
  return encodeImage(image)
    .extend({ right: size.width - width, background: 'white' })
    .composite([raw(bar, { left, top: margin }), { input: Buffer.from(text), left: 0, top: 0 }])
    .removeAlpha()
    .png()
    .toBuffer();
}

/** All colors of the map, the largest value on top. */
function drawBar({ height, width }: { height: number; width: number }): Pixels {
  const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const row = Math.floor(i / 3 / width);
    return jetColors[3 * Math.round((255 * (height - 1 - row)) / (height - 1)) + (i % 3)];
  });
  return { data, height, width, channels: 3 };
}
