import { type Issue, throwIssues } from '@nonlocal-med/core';
import { validationMetrics } from '../evaluate/validationMetrics.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import type { FitOptions } from './fitOptions.js';

/**
 * What the parts of a training must have in common.
 * @throws InputError with all issues.
 */
export function checkFit(
  { model, train, validation, evaluate, run, resume }: FitOptions,
  { classWeights, earlyStopping, selection }: TrainOptions,
): void {
  const issues: Issue[] = [];
  const classes = train.classes.length;
  const output = model.outputs.map(({ shape }) => shape);
  if (output.length !== 1 || output[0].length !== 2 || output[0][1] !== classes) {
    issues.push({
      path: 'model',
      message: `its output has shape ${JSON.stringify(output.length === 1 ? output[0] : output)}`,
      hint: `logits [B, ${classes}], one for each of ${train.classes.join(', ')}`,
    });
  }
  if (train.batchesPerEpoch < 1)
    issues.push({ path: 'train', message: 'has no batches', hint: 'at least one' });
  if (classWeights !== undefined && classWeights.length !== classes)
    issues.push({
      path: 'classWeights',
      message: `${classWeights.length} weights`,
      hint: `${classes}, one for each of ${train.classes.join(', ')}`,
    });
  if (validation !== undefined && validation.classes.join('\0') !== train.classes.join('\0'))
    issues.push({
      path: 'validation',
      message: `classes ${validation.classes.join(', ')}`,
      hint: `those of the training: ${train.classes.join(', ')}`,
    });
  if (earlyStopping !== undefined && validation === undefined)
    issues.push({
      path: 'earlyStopping',
      message: 'there is no validation set',
      hint: 'give one, or train for a fixed number of epochs',
    });
  if (evaluate === undefined) {
    for (const [where, metric] of [
      ['selection', selection],
      ['earlyStopping.metric', earlyStopping?.metric ?? selection],
    ] as const) {
      if (!validationMetrics.includes(metric))
        issues.push({
          path: where,
          message: `unknown validation metric "${metric}"`,
          hint: `one of ${validationMetrics.join(', ')}`,
        });
    }
  }
  if (resume === true && run === undefined)
    issues.push({
      path: 'resume',
      message: 'there is no run to go on with',
      hint: 'give the folder of one as `run`',
    });
  throwIssues(issues);
}
