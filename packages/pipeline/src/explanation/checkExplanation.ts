import { type Issue, throwIssues } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainedRun } from '../run/openTrainedRun.js';
import { layerIssues } from './layerIssues.js';
import type { ExplanationExtras } from './writeExplanation.js';

/** @throws InputError with all that is wrong with what is to be explained of a run, before its images are opened. */
export function checkExplanation(
  { model, config }: TrainedRun,
  { layers, curves, attentionAt, tolerance = 0 }: ExplanationExtras & { layers: readonly string[] },
): void {
  const [height, width] = config.preprocessing.size;
  const issues: Issue[] = layerIssues(model, layers, config.model.name);
  if (layers.length === 0)
    issues.push({ path: 'layers', message: 'none given', hint: 'at least one' });
  if (curves?.step !== undefined && !(Number.isInteger(curves.step) && curves.step >= 1))
    issues.push({
      path: 'curves.step',
      message: `got ${curves.step}`,
      hint: 'a whole number of pixels from 1',
    });
  if (!(tolerance >= 0))
    issues.push({
      path: 'tolerance',
      message: `got ${tolerance}`,
      hint: 'a number of pixels from 0',
    });
  if (attentionAt !== undefined) {
    const { x, y } = attentionAt;
    if (!(x >= 0 && x < width && y >= 0 && y < height))
      issues.push({
        path: 'attentionAt',
        message: `pixel (${x}, ${y}) lies outside the model's input`,
        hint: `x from 0 to ${width - 1}, y from 0 to ${height - 1}`,
      });
    issues.push(...attentionIssues(model, config.model.name));
  }
  throwIssues(issues);
}

function attentionIssues(model: LayersModel, name: string): Issue[] {
  const layer = model.layers.find((candidate) => candidate.name === 'nam');
  if (layer === undefined)
    return [
      {
        path: 'attentionAt',
        message: `${name} has no non-local attention module`,
        hint: 'a model with one, such as resnet18-nla',
      },
    ];
  const { mode = 'softmax' } = layer.getConfig() as { mode?: string };
  return ['softmax', 'gaussian'].includes(mode)
    ? []
    : [
        {
          path: 'attentionAt',
          message: `attention of mode ${mode} has no weights that sum to 1`,
          hint: 'a model of mode softmax or gaussian',
        },
      ];
}
