import { FINDING_THRESHOLD } from '@nonlocal-med/classifier';
import { type Pixels, saliencyMapTitle, type Task } from '@nonlocal-med/core';
import { resizeMap } from '@nonlocal-med/data/image';
import { blendMap } from '@nonlocal-med/explain';
import type { OverlayOptions } from 'sharp';
import { encodeImage } from './encodeImage.js';
import type { MappedImage } from './mapImages.js';
import { drawText } from './panel/drawPanel.js';
import { enlarge } from './panel/panelRows.js';

/** What the lines below an overlay say. */
interface OverlayCaption extends Pick<MappedImage, 'probabilities' | 'predicted'> {
  readonly map: Omit<MappedImage['maps'][number], 'map'>;
  readonly task: Task;
  readonly classes: readonly string[];
}

/** The explained class or finding, its probability, what is predicted instead, and the kind of map, as lines of text. */
export function overlayCaption({
  map,
  task,
  classes,
  probabilities,
  predicted,
}: OverlayCaption): string[] {
  const probability = probabilities[map.class];
  const isPredicted =
    task === 'multilabel' ? probability >= FINDING_THRESHOLD : map.class === predicted;
  const instead = task === 'multilabel' ? 'not predicted' : `predicted: ${classes[predicted]}`;
  return [
    classes[map.class],
    `probability ${probability.toFixed(2)}`,
    ...(isPredicted ? [] : [instead]),
    saliencyMapTitle(map),
  ];
}

/** Images whose longer side is shorter than this are enlarged to about twice of it, so that captions fit. In pixels. */
const SMALL_IMAGE = 120;

/**
 * A small image and its map, enlarged by an integer factor: the pixels of the image become blocks. Others as they are.
 * @param map values in [0, 1], [height * width]
 */
function enlargeSmall(image: Pixels, map: Float32Array): { image: Pixels; map: Float32Array } {
  const { height, width } = image;
  const longer = Math.max(height, width);
  if (longer >= SMALL_IMAGE) return { image, map };
  const factor = Math.round((2 * SMALL_IMAGE) / longer);
  const size = [factor * height, factor * width] as const;
  return {
    image: enlarge(image, size),
    map: resizeMap(map, { from: [height, width], to: size }),
  };
}

/**
 * A saliency map over its image as PNG, with lines of text below and the scale of the colors to the right, both on white:
 * from 0 at the bottom, where the image shows through, to 1, the largest value of the map, at the top.
 * Small images are enlarged.
 * @param image 8-bit pixels, [height, width, 1 or 3]
 * @param map values in [0, 1], [height * width]
 * @param caption lines of text, the first one bold
 */
export function drawOverlay(
  image: Pixels,
  map: Float32Array,
  caption: readonly string[],
): Promise<Buffer> {
  const large = enlargeSmall(image, map);
  return withColorBar(blendMap(large.image, large.map), caption);
}

/** An image as PNG, with its pixels unchanged, with a caption below and the scale of the colors of maps to the right of it. */
export function withColorBar(image: Pixels, caption: readonly string[]): Promise<Buffer> {
  const { height, width } = image;
  const margin = Math.min(20, Math.max(5, Math.round(height / 48)));
  const fontSize = 2 * margin;
  const bar = drawColorBar({ height: Math.max(2, height - 2 * margin), width: 2 * margin });
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
  const textSize = Math.max(11, Math.round(1.2 * fontSize));
  const lineHeight = Math.round(1.35 * textSize);
  const size = {
    width: left + bar.width + margin + 2 * fontSize,
    height: height + (caption.length === 0 ? 0 : caption.length * lineHeight + margin),
  };
  const lines = caption.map((text, line) =>
    drawText({
      text,
      x: margin,
      align: 'left',
      baseline: height + (line + 0.95) * lineHeight,
      size: textSize,
      bold: line === 0,
      width: size.width - 2 * margin,
    }),
  );
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${[...labels, ...lines].join('')}</svg>`;
  const raw = (pixels: Pixels, at: { left: number; top: number }): OverlayOptions => ({
    input: Buffer.from(pixels.data),
    raw: { width: pixels.width, height: pixels.height, channels: pixels.channels },
    ...at,
  });
  return encodeImage(image)
    .extend({ right: size.width - width, bottom: size.height - height, background: 'white' })
    .composite([raw(bar, { left, top: margin }), { input: Buffer.from(text), left: 0, top: 0 }])
    .removeAlpha()
    .png()
    .toBuffer();
}

/** All colors of the map over medium gray, the largest value on top. */
export function drawColorBar({ height, width }: { height: number; width: number }): Pixels {
  const gray: Pixels = {
    data: new Uint8Array(height * width).fill(128),
    height,
    width,
    channels: 1,
  };
  const values = Float32Array.from(
    { length: height * width },
    (_, i) => 1 - Math.floor(i / width) / (height - 1),
  );
  return blendMap(gray, values);
}
