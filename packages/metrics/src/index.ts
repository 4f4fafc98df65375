// Predictions in, everything out
export { evaluatePredictions, type EvaluationOptions } from './evaluate/evaluatePredictions.js';
export type {
  ClassReport,
  EvaluationReport,
  IntervalMethod,
  MetricEstimate,
  MetricInterval,
} from './evaluate/evaluationReport.js';
export {
  comparePredictions,
  type ComparisonOptions,
  type PredictionComparison,
} from './evaluate/comparePredictions.js';
export { metricNames, metricOf, type MetricName } from './evaluate/metricCatalogue.js';
export { classMetricNames } from './evaluate/reportedMetrics.js';
export type { ClassMetricName } from './evaluate/classMetricCatalogue.js';
export { predictionsFromCsv } from './csv/predictionsFromCsv.js';
export { predictionsToCsv } from './csv/predictionsToCsv.js';
export { alignPredictions } from './input/alignPredictions.js';
export { checkPredictions } from './input/checkPredictions.js';
export { labelledPredictions } from './input/labelledPredictions.js';

// From the confusion matrix
export { argmaxRows } from './confusion/argmaxRows.js';
export { confusionMatrix, type ConfusionMatrix } from './confusion/confusionMatrix.js';
export { classCounts, type ClassCounts } from './confusion/classCounts.js';
export type { ClassChoice } from './confusion/classMetric.js';
export { accuracy, type AccuracyReading } from './confusion/accuracy.js';
export { balancedAccuracy } from './confusion/balancedAccuracy.js';
export { cohenKappa } from './confusion/cohenKappa.js';
export { f1 } from './confusion/f1.js';
export { matthews } from './confusion/matthews.js';
export { precision } from './confusion/precision.js';
export { quadraticKappa } from './confusion/quadraticKappa.js';
export { sensitivity } from './confusion/sensitivity.js';
export { specificity } from './confusion/specificity.js';

// From the order of scores
export { rocAuc, type AucAverage } from './ranking/rocAuc.js';
export { binaryAuc } from './ranking/binaryAuc.js';
export { averagePrecision } from './ranking/averagePrecision.js';
export { rocCurve, type RocPoint } from './ranking/rocCurve.js';
export { precisionRecallCurve, type PrecisionRecallPoint } from './ranking/precisionRecallCurve.js';
export { rocBand } from './resampling/rocBand.js';
export { precisionRecallBand } from './resampling/precisionRecallBand.js';
export type { BandPoint } from './resampling/curveBand.js';

// From probabilities
export { brierScore } from './probability/brierScore.js';
export { calibration, type Calibration } from './probability/calibration.js';
export type { CalibrationErrors } from './probability/calibrationErrors.js';
export type { Binning } from './probability/confidenceBins.js';
export type { ReliabilityBin } from './probability/reliability.js';
export { logLoss } from './probability/logLoss.js';

// Uncertainty by resampling
export { bootstrapInterval } from './resampling/bootstrapInterval.js';
export { intervalsOverSplits } from './resampling/intervalsOverSplits.js';
export { bootstrapDifference } from './resampling/bootstrapDifference.js';
export type { BootstrapComparison } from './resampling/pairedBootstrap.js';
export type { BootstrapOptions } from './resampling/bootstrapOptions.js';
export type { BootstrapInterval, BootstrapMethod } from './resampling/summariseReplicates.js';
export type { Metric } from './sample/metric.js';
export type { ScoredSamples } from './sample/scoredSamples.js';
export type { Weighting } from './sample/weighting.js';

// Uncertainty of AUC by formula
export { delongInterval } from './delong/delongInterval.js';
export { delongTest } from './delong/delongTest.js';
export { macroDelongInterval } from './delong/macroDelongInterval.js';
export { macroDelongTest } from './delong/macroDelongTest.js';
export type { AucComparison } from './delong/compareInfluences.js';
export type { AucInterval, AucIntervalOptions } from './delong/aucInterval.js';

// Tests, intervals and corrections
export { benjaminiHochberg } from './hypothesis/benjaminiHochberg.js';
export { clopperPearsonInterval } from './hypothesis/clopperPearsonInterval.js';
export {
  correctedResampledTest,
  type ResampledTestOptions,
} from './hypothesis/correctedResampledTest.js';
export { holm } from './hypothesis/holm.js';
export { mcnemarTest, type McNemarResult } from './hypothesis/mcnemarTest.js';
export { meanAndStandardDeviation, type MeanAndDeviation } from './hypothesis/meanAndDeviation.js';
export { pairedTTest } from './hypothesis/pairedTTest.js';
export type { StudentTest } from './hypothesis/studentTest.js';
export type { ProportionInterval } from './hypothesis/proportionInterval.js';
export { wilsonInterval } from './hypothesis/wilsonInterval.js';

// Distributions
export { betaQuantile } from './distributions/betaQuantile.js';
export { binomialCdf } from './distributions/binomialCdf.js';
export { binomialProbability } from './distributions/binomialProbability.js';
export { chiSquaredQuantile } from './distributions/chiSquaredQuantile.js';
export { chiSquaredTails } from './distributions/chiSquaredTails.js';
export { incompleteBeta } from './distributions/incompleteBeta.js';
export { incompleteGamma } from './distributions/incompleteGamma.js';
export { normalCdf } from './distributions/normalCdf.js';
export { normalQuantile } from './distributions/normalQuantile.js';
export { normalTails } from './distributions/normalTails.js';
export { studentCdf } from './distributions/studentCdf.js';
export { studentQuantile } from './distributions/studentQuantile.js';
export { studentTails } from './distributions/studentTails.js';
export type { Tails } from './distributions/tails.js';
