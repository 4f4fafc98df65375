import type { Pixels } from '@nonlocal-med/core';
import { type LoaderSample, resizeBilinear } from '@nonlocal-med/data';
import { overlay } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import { createRunLoader } from '../../data/runData.js';
import type { TrainedRun } from '../../run/openTrainedRun.js';
import { explainedClasses } from '../explanationRequest.js';
import { heatMap } from '../heatMap.js';
import { resizeMask } from '../lesionMask.js';
import { mapBatch } from '../mapImages.js';
import type { PanelCell } from './drawPanel.js';

/** An image of a panel. */
export interface PanelRow {
  readonly sample: LoaderSample;
  /** The image as it is in the data set, at the size that it is drawn. */
  readonly picture: Pixels;
}

/** Dark enough on white for small letters; the caption says it in words too. */
const [RIGHT, WRONG] = ['#1b5e20', '#b00020'];

/** A run's column: its map over each picture, what it predicted and whether that is right. */
export async function panelColumn(
  { model, config, classes }: TrainedRun,
  rows: readonly PanelRow[],
  {
    layer,
    explained,
    signal,
  }: { layer: string; explained: 'predicted' | 'true'; signal?: AbortSignal },
): Promise<PanelCell[]> {
  const samples = rows.map(({ sample }) => sample);
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  const classesOf = explainedClasses([explained], classes);
  const [height, width] = config.preprocessing.size;
  const cells: PanelCell[] = [];
  try {
    for await (const { images, shape, labels } of loader.epoch(0)) {
      const tensor = tf.tensor4d(images, [...shape]);
      try {
        for (const { predicted, probabilities, maps } of mapBatch(model, tensor, {
          layers: [layer],
          labels,
          classesOf,
        })) {
          const { sample, picture } = rows[cells.length];
          const empty = maps[0].map.every((value) => value === 0) ? ' (empty map)' : '';
          const right = predicted === sample.label;
          const heat = resizeBilinear(heatMap(maps[0].map, { height, width, longest: Infinity }), [
            picture.height,
            picture.width,
          ]);
          cells.push({
            pixels: overlay(
              picture,
              Float32Array.from(heat.data, (value) => value / 255),
            ),
            caption: [
              `${classes[predicted]}${empty}`,
              `${right ? 'right' : 'wrong'}, probability ${probabilities[predicted].toFixed(2)}`,
            ],
            color: right ? RIGHT : WRONG,
          });
        }
      } finally {
        tensor.dispose();
      }
    }
  } finally {
    await loader.close();
  }
  return cells;
}

/** Bright, and far from the colours of fundus photographs and radiographs. */
const COLOR = [0, 255, 255] as const;

/**
 * A picture with a line around each lesion, which itself stays to be seen.
 * @param mask of any size; it is brought to the picture's.
 */
export function outlineMask(picture: Pixels, mask: Pixels): Pixels {
  const { height, width } = picture;
  const lesions = resizeMask(mask, [height, width]);
  const thickness = Math.max(1, Math.round(Math.min(height, width) / 160));
  const data = picture.data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (lesions[y * width + x] === 0 && nearLesion(lesions, { x, y, height, width, thickness }))
        data.set(COLOR, 3 * (y * width + x));
    }
  }
  return { ...picture, data };
}

function nearLesion(
  lesions: Uint8Array,
  {
    x,
    y,
    height,
    width,
    thickness,
  }: { x: number; y: number; height: number; width: number; thickness: number },
): boolean {
  for (let row = Math.max(0, y - thickness); row <= Math.min(height - 1, y + thickness); row++) {
    for (
      let column = Math.max(0, x - thickness);
      column <= Math.min(width - 1, x + thickness);
      column++
    )
      if (lesions[row * width + column] > 0) return true;
  }
  return false;
}
