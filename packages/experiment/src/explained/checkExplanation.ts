import { type Fault, throwFaults } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainedRun } from '../run/openTrainedRun.js';
import { layerFaults } from './layerFaults.js';
import type { ExplanationExtras } from './writeExplanation.js';

/** @throws InputError with all that is wrong with what is to be explained of a run, before its images are opened. */
export function checkExplanation(
  { model, config }: TrainedRun,
  { layers, curves, attentionAt, tolerance = 0 }: ExplanationExtras & { layers: readonly string[] },
): void {
  const [height, width] = config.preprocessing.size;
  const faults: Fault[] = layerFaults(model, layers, config.model.name);
  if (layers.length === 0)
    faults.push({ where: 'layers', what: 'none given', allowed: 'at least one' });
  if (curves?.step !== undefined && !(Number.isInteger(curves.step) && curves.step >= 1))
    faults.push({
      where: 'curves.step',
      what: `got ${curves.step}`,
      allowed: 'a whole number of pixels from 1',
    });
  if (!(tolerance >= 0))
    faults.push({
      where: 'tolerance',
      what: `got ${tolerance}`,
      allowed: 'a number of pixels from 0',
    });
  if (attentionAt !== undefined) {
    const { x, y } = attentionAt;
    if (!(x >= 0 && x < width && y >= 0 && y < height))
      faults.push({
        where: 'attentionAt',
        what: `pixel (${x}, ${y}) lies outside the model's input`,
        allowed: `x from 0 to ${width - 1}, y from 0 to ${height - 1}`,
      });
    faults.push(...attentionFaults(model, config.model.name));
  }
  throwFaults(faults);
}

function attentionFaults(model: LayersModel, name: string): Fault[] {
  const layer = model.layers.find((candidate) => candidate.name === 'nam');
  if (layer === undefined)
    return [
      {
        where: 'attentionAt',
        what: `${name} has no non-local attention module`,
        allowed: 'a model with one, such as resnet18-nla',
      },
    ];
  const { mode = 'softmax' } = layer.getConfig() as { mode?: string };
  return ['softmax', 'gaussian'].includes(mode)
    ? []
    : [
        {
          where: 'attentionAt',
          what: `attention of mode ${mode} has no weights that sum to 1`,
          allowed: 'a model of mode softmax or gaussian',
        },
      ];
}
