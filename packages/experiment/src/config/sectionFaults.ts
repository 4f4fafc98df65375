import type { Fault } from '@nonlocal-med/core';
import { validationMetrics } from '@nonlocal-med/train';
import type { RunConfig } from './runConfigSchema.js';

/** Options that are right one by one and do not go together. */
export function sectionFaults({ split, training }: Pick<RunConfig, 'split' | 'training'>): Fault[] {
  const { selection, earlyStopping, balancedLoss, classWeights } = training;
  const faults: Fault[] = [];
  const metrics = {
    'training.selection': selection,
    'training.earlyStopping.metric': earlyStopping?.metric ?? selection,
  };
  for (const [where, metric] of Object.entries(metrics)) {
    const repeated = where !== 'training.selection' && metric === selection;
    if (!repeated && !validationMetrics.includes(metric))
      faults.push({
        where,
        what: `got ${JSON.stringify(metric)}`,
        allowed: `one of ${validationMetrics.join(', ')}`,
      });
  }
  if (earlyStopping !== undefined && split.validation === 0)
    faults.push({
      where: 'training.earlyStopping',
      what: 'there is no validation side to stop by',
      allowed: 'split.validation above 0, or no early stopping',
    });
  if (balancedLoss && classWeights !== undefined)
    faults.push({
      where: 'training.balancedLoss',
      what: 'stands beside training.classWeights',
      allowed: 'one of the two',
    });
  return faults;
}
