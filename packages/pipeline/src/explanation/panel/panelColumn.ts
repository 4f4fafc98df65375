import type { Pixels } from '@nonlocal-med/core';
import { type LoaderSample, resizeBilinear } from '@nonlocal-med/data';
import { overlay } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import { createRunLoader } from '../../data/createRunLoader.js';
import type { TrainedRun } from '../../run/openTrainedRun.js';
import { explainedClasses } from '../explainedClasses.js';
import { heatMap } from '../heatMap.js';
import { mapBatch } from '../mapBatch.js';
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
