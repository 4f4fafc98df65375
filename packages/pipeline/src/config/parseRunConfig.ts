import { InputError, type Issue, schemaIssues, throwIssues } from '@nonlocal-med/core';
import { validationMetrics } from '@nonlocal-med/train';
import { isPlainObject, type RawOptions } from './mergeOptions.js';
import { modelIssues } from './modelOptions.js';
import { diskRunSchema, type RunConfig, syntheticRunSchema } from './runConfigSchema.js';

/**
 * The one gate of a run's configuration: options as they come from YAML and flags become resolved options. Past it
 * nothing checks them again.
 * @throws InputError with every issue: the option's path, its value, what is allowed.
 */
export function parseRunConfig(raw: RawOptions): RunConfig {
  const synthetic =
    isPlainObject(raw) && isPlainObject(raw.data) && raw.data.kind === 'tiny-lesions';
  const schema = synthetic ? syntheticRunSchema : diskRunSchema;
  const result = schema.safeParse(raw);
  const model = isPlainObject(raw) && isPlainObject(raw.model) ? modelIssues(raw.model) : [];
  if (!result.success)
    throw new InputError([...schemaIssues(result.error, { schema, input: raw }), ...model]);
  throwIssues([...model, ...sectionIssues(result.data)]);
  return result.data;
}

/** Options that are right one by one and do not go together. */
function sectionIssues({ split, training }: Pick<RunConfig, 'split' | 'training'>): Issue[] {
  const { selection, earlyStopping, balancedLoss, classWeights } = training;
  const issues: Issue[] = [];
  const metrics = {
    'training.selection': selection,
    'training.earlyStopping.metric': earlyStopping?.metric ?? selection,
  };
  for (const [where, metric] of Object.entries(metrics)) {
    const repeated = where !== 'training.selection' && metric === selection;
    if (!repeated && !validationMetrics.includes(metric))
      issues.push({
        path: where,
        message: `got ${JSON.stringify(metric)}`,
        hint: `one of ${validationMetrics.join(', ')}`,
      });
  }
  if (earlyStopping !== undefined && split.validation === 0)
    issues.push({
      path: 'training.earlyStopping',
      message: 'there is no validation side to stop by',
      hint: 'split.validation above 0, or no early stopping',
    });
  if (balancedLoss && classWeights !== undefined)
    issues.push({
      path: 'training.balancedLoss',
      message: 'stands beside training.classWeights',
      hint: 'one of the two',
    });
  return issues;
}
