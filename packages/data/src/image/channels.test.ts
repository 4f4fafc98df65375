import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { toGrayscale, toRgb } from './channels.js';

// cv2.cvtColor(rgb, COLOR_RGB2GRAY), by opencv.py
const { rgb, grey } = (
  JSON.parse(
    readFileSync(new URL('../../test/golden/opencv_more.json', import.meta.url), 'utf8'),
  ) as { lab: { rgb: number[][]; grey: number[] } }
).lab;

it('toGrayscale equals OpenCV', () => {
  expect([
    ...toGrayscale({ data: Uint8Array.from(rgb.flat()), height: 1, width: rgb.length, channels: 3 })
      .data,
  ]).toEqual(grey);
});

it('toRgb repeats the plane, and toGrayscale restores it', () => {
  const plane = { data: Uint8Array.of(0, 7, 255), height: 1, width: 3, channels: 1 } as const;
  expect([...toRgb(plane).data]).toEqual([0, 0, 0, 7, 7, 7, 255, 255, 255]);
  expect(toGrayscale(toRgb(plane))).toEqual(plane);
  expect(toRgb(toRgb(plane))).toEqual(toRgb(plane));
});
