import type { Issue } from '@nonlocal-med/core';
import { validationMetrics } from '@nonlocal-med/train';
import type { RunConfig } from './runConfigSchema.js';

/** Options that are right one by one and do not go together. */
export function sectionIssues({ split, training }: Pick<RunConfig, 'split' | 'training'>): Issue[] {
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
