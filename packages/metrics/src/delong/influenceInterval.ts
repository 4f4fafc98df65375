import type { AucInfluence } from './aucInfluence.js';
import { type AucInterval, aucInterval, type AucIntervalOptions } from './aucInterval.js';
import { componentVariance } from './componentVariance.js';

/** Interval of an AUC from its influence components; every field null when the AUC is. */
export function influenceInterval(
  influence: AucInfluence | null,
  labels: ArrayLike<number>,
  options: AucIntervalOptions,
): AucInterval {
  if (influence === null)
    return {
      auc: null,
      standardError: null,
      lower: null,
      upper: null,
      confidence: options.confidence ?? 0.95,
      undefinedBecause: 'fewer than two classes are present',
    };
  return aucInterval(influence.auc, componentVariance(influence.components, labels), options);
}
