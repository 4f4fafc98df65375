import type { AucInfluence } from './aucInfluence.js';

/** Influence of the mean AUC of several models on the same samples; null when one of them has no AUC. */
export function meanInfluence(influences: readonly (AucInfluence | null)[]): AucInfluence | null {
  const defined = influences.filter((influence) => influence !== null);
  if (defined.length === 0 || defined.length < influences.length) return null;
  return {
    auc: defined.reduce((sum, { auc }) => sum + auc, 0) / defined.length,
    components: defined[0].components.map(
      (_, i) => defined.reduce((sum, { components }) => sum + components[i], 0) / defined.length,
    ),
  };
}
