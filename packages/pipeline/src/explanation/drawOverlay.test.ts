import type { Pixels } from '@nonlocal-med/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawOverlay, overlayCaption, withColorBar } from './drawOverlay.js';

const random = (height: number, width: number): Pixels => ({
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 7919) % 251),
  height,
  width,
  channels: 3,
});

describe.each([
  [31, 20],
  [400, 300],
  [1200, 900],
])('an overlay of %i x %i pixels', (height, width) => {
  it('keeps its pixels and gets the colors of the map from 1 down to 0 beside it', async () => {
    const image = random(height, width);
    const { data, info } = await sharp(await withColorBar(image, []))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ height, channels: 3 });
    const row = (y: number): Uint8Array =>
      data.subarray(3 * info.width * y, 3 * info.width * (y + 1));
    for (const y of [0, Math.floor(height / 2), height - 1])
      expect([...row(y).subarray(0, 3 * width)]).toEqual([
        ...image.data.subarray(3 * width * y, 3 * width * (y + 1)),
      ]);
    const margin = (info.width - width) / 8; // margins and bar are 1, 2, 1 and 4 of it wide
    const x = Math.round(width + 2 * margin);
    const column = Array.from({ length: height }, (_, y) => [
      ...row(y).subarray(3 * x, 3 * x + 3),
    ]).filter((color) => color.some((value) => value !== 255));
    // viridis at its maximum, (0.993, 0.906, 0.144), with opacity 0.7 over gray of 128; at 0 only the gray is left
    expect(column[0]).toEqual([216, 200, 64]);
    expect(column.at(-1)).toEqual([128, 128, 128]);
    expect(column).toHaveLength(height - 2 * margin);
  });

  it('has labels beside the bar', async () => {
    const { data, info } = await sharp(await withColorBar(random(height, width), []))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const margin = (info.width - width) / 8;
    const from = Math.ceil(width + 4 * margin);
    const inked = Array.from({ length: height }, (_, y) =>
      data.subarray(y * info.width + from, (y + 1) * info.width).some((value) => value < 100),
    );
    const third = Math.floor(height / 3);
    expect(
      [0, 1, 2].map((part) => inked.slice(part * third, (part + 1) * third).includes(true)),
    ).toEqual([true, true, true]);
  });
});

describe('an overlay with a caption', () => {
  it('names the class and its probability, and the predicted class where that is another one', () => {
    const image = { classes: ['none', 'some'], probabilities: [0.25, 0.75], predicted: 1 };
    const captionOf = (index: number): string[] =>
      overlayCaption({
        ...image,
        task: 'multiclass',
        map: { method: 'layercam', layer: 'e2', class: index },
      });
    expect(captionOf(1)).toEqual(['some', 'probability 0.75', 'LayerCAM at e2']);
    expect(captionOf(0)).toEqual(['none', 'probability 0.25', 'predicted: some', 'LayerCAM at e2']);
  });

  it('names the finding, and says where it is not predicted, whatever other findings are', () => {
    const image = {
      task: 'multilabel',
      classes: ['effusion', 'mass', 'edema'],
      probabilities: [0.9, 0.5, 0.25],
      predicted: 0,
    } as const;
    const captionOf = (index: number): string[] =>
      overlayCaption({ ...image, map: { method: 'gradcam++', layer: 'e1', class: index } });
    expect(captionOf(1)).toEqual(['mass', 'probability 0.50', 'Grad-CAM++ at e1']);
    expect(captionOf(2)).toEqual([
      'edema',
      'probability 0.25',
      'not predicted',
      'Grad-CAM++ at e1',
    ]);
  });

  it('has the text below the image, not over it, and enlarges a small image', async () => {
    const image = random(48, 60);
    const map = new Float32Array(48 * 60); // transparent everywhere
    const { data, info } = await sharp(await drawOverlay(image, map, ['some', 'probability 0.75']))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number): number[] => [
      ...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3),
    ];
    // four times as large: 192 x 240 pixels, blocks of 4 x 4
    for (const [x, y] of [
      [0, 0],
      [59, 47],
      [30, 10],
    ])
      expect(at(4 * x + 3, 4 * y + 2)).toEqual([
        ...image.data.subarray(3 * (60 * y + x), 3 * (60 * y + x) + 3),
      ]);
    expect(info.height).toBeGreaterThan(192 + 2 * 11);
    const inked = Array.from({ length: info.height - 192 }, (_, y) =>
      Array.from({ length: info.width }, (_, x) => at(x, 192 + y)[0]).some((value) => value < 100),
    );
    expect(inked.filter(Boolean).length).toBeGreaterThan(12);
  });
});
