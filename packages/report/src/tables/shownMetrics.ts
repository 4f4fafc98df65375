/** The metrics of every table: the paper's three, both readings of accuracy, and the quadratic kappa; titles and names. */
export const shownMetrics = [
  ['AUC', 'auc'],
  ['sensitivity', 'sensitivity'],
  ['accuracy (one-vs-rest)', 'accuracyOneVsRest'],
  ['accuracy (top-1)', 'accuracy'],
  ['quadratic kappa', 'quadraticKappa'],
] as const;
