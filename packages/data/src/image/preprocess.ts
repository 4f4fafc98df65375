import type { Pixels, Preprocessing } from '@nonlocal-med/core';
import { clahe } from './clahe.js';
import { claheLab } from './claheLab.js';
import { localMean } from './localMean.js';
import { resizeArea } from './resizeArea.js';
import { toGrey } from './toGrey.js';
import { toRgb } from './toRgb.js';

/**
 * A decoded image as the network's input is stored: `color` of the preprocessing, resized (`resizeArea`), contrast evened
 * out (spec 7.6). `grey` gives one plane, which `normalize` repeats; `rgb` gives three channels, of grey files too, so
 * that a data set of both is treated alike. The same bytes on every machine. The pixels given are not changed, and may
 * be returned.
 */
export function preprocess(
  pixels: Pixels,
  { size, color, contrast, clipLimit, tiles: [tilesX, tilesY] }: Preprocessing,
): Pixels {
  const resized = resizeArea(color === 'grey' ? toGrey(pixels) : toRgb(pixels), size);
  const { data, height, width, channels } = resized;
  switch (contrast) {
    case 'none':
      return resized;
    case 'local-mean':
      return localMean(resized);
    case 'clahe':
      return {
        ...resized,
        data: (channels === 1 ? clahe : claheLab)(data, {
          width,
          height,
          clipLimit,
          tilesX,
          tilesY,
        }),
      };
  }
}
