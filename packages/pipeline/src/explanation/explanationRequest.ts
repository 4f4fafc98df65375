import { InputError, type Issue, suggestName, throwIssues } from '@nonlocal-med/core';
import { explanationLayers } from '@nonlocal-med/models';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainedRun } from '../run/openTrainedRun.js';
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

/** What is wrong with layers that maps are asked of: a model has no such layer, or its output is no map. */
export function layerIssues(
  model: LayersModel,
  layers: readonly string[],
  name = model.name,
): Issue[] {
  const usual = `usual ones: ${explanationLayers(model).join(', ')}`;
  return layers.flatMap((layer): Issue[] => {
    const found = model.layers.find((candidate) => candidate.name === layer);
    const shape = found?.outputShape;
    if (Array.isArray(shape) && shape.length === 4 && !Array.isArray(shape[0])) return [];
    if (found !== undefined)
      return [{ path: 'layer', message: `the output of "${layer}" is no map`, hint: usual }];
    const near = suggestName(
      layer,
      model.layers.map((candidate) => candidate.name),
    );
    return [
      {
        path: 'layer',
        message: `${name} has no layer "${layer}"`,
        hint: `${near === undefined ? '' : `did you mean "${near}"? `}${usual}`,
      },
    ];
  });
}

/** Words that stand beside class names in a choice of classes to explain. */
const WORDS = ['predicted', 'true', 'all'] as const;

/** The classes to explain of an image: indices without repetition, in the order asked for. */
export type ClassesOf = (image: { readonly label: number; readonly predicted: number }) => number[];

/**
 * Reads a choice of classes: `predicted`, `true`, `all` and names of classes.
 * @throws InputError for a word that is none of these, with what it may have meant.
 */
export function explainedClasses(choice: readonly string[], classes: readonly string[]): ClassesOf {
  for (const word of choice) {
    if (classes.includes(word) || WORDS.includes(word as (typeof WORDS)[number])) continue;
    const near = suggestName(word, [...classes, ...WORDS]);
    throw new InputError({
      path: 'classes',
      message: `there is no class "${word}"`,
      hint: `${near === undefined ? '' : `did you mean "${near}"? `}${WORDS.join(', ')}, or any of ${classes.join(', ')}`,
    });
  }
  return ({ label, predicted }) => {
    const indices = choice.flatMap((word) => {
      if (classes.includes(word)) return [classes.indexOf(word)];
      return word === 'all'
        ? classes.map((_, index) => index)
        : [word === 'true' ? label : predicted];
    });
    return [...new Set(indices)];
  };
}
