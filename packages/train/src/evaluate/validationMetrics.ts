/** The metrics that validation reports by default; the values of `selection` and `earlyStopping.metric`. */
export const validationMetrics: readonly string[] = ['auc', 'accuracy', 'accuracyOneVsRest', 'sensitivity', 'loss'];
