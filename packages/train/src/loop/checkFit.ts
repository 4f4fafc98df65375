import { type Issue, throwIssues, unknownName } from '@nonlocal-med/core';
import { synchronizationIssues } from '../cluster/synchronizedGradients.js';
import { stageIssues } from '../stages.js';
import type { TrainOptions } from '../trainOptions.js';
import { metricsOfTask } from '../validationMetrics.js';
import type { FitOptions } from './fitOptions.js';
import { lossWeightIssues } from './taskLoss.js';

/**
 * Checks that model, sources and options fit together.
 * @throws InputError with all issues.
 */
export function checkFit(
  { model, stages, train, validation, evaluate, run, resume, cluster }: FitOptions,
  options: TrainOptions,
): void {
  const { earlyStopping, selection } = options;
  const issues: Issue[] = [];
  const classes = train.classes.length;
  const perClass = `one for each of ${train.classes.join(', ')}`;
  const outputs = model.outputs.map(({ shape }) => shape);
  if (outputs.length !== 1 || outputs[0].length !== 2 || outputs[0][1] !== classes)
    issues.push({
      path: 'model',
      message: `its output has shape ${JSON.stringify(outputs.length === 1 ? outputs[0] : outputs)}`,
      hint: `logits [B, ${classes}], ${perClass}`,
    });
  if (train.batchesPerEpoch < 1)
    issues.push({ path: 'train', message: 'has no batches', hint: 'at least one' });
  issues.push(...lossWeightIssues(train, options), ...stageIssues(model, stages, options));
  if (cluster !== undefined && options.synchronizedBatchNorm)
    issues.push(...synchronizationIssues(model, stages, options));
  const task = train.task ?? 'multiclass';
  if (validation !== undefined && (validation.task ?? 'multiclass') !== task)
    issues.push({
      path: 'validation',
      message: `its task is ${validation.task ?? 'multiclass'}`,
      hint: `${task}, the task of the training set`,
    });
  if (validation !== undefined && validation.classes.join('\0') !== train.classes.join('\0'))
    issues.push({
      path: 'validation',
      message: `classes ${validation.classes.join(', ')}`,
      hint: `the classes of the training set: ${train.classes.join(', ')}`,
    });
  if (earlyStopping !== undefined && validation === undefined)
    issues.push({
      path: 'earlyStopping',
      message: 'needs a validation set',
      hint: 'give one, or train for a fixed number of epochs',
    });
  if (evaluate === undefined) {
    const metrics = { selection, 'earlyStopping.metric': earlyStopping?.metric ?? selection };
    const known = metricsOfTask(task);
    for (const [path, name] of Object.entries(metrics))
      if (!known.includes(name))
        issues.push(unknownName({ path, kind: 'validation metric', name, known }));
  }
  if (resume === true && run === undefined)
    issues.push({
      path: 'resume',
      message: 'needs a run',
      hint: 'give the folder to resume as `run`',
    });
  throwIssues(issues);
}
