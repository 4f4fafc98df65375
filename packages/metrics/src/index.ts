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
export {
  metricNames,
  metricOf,
  type MetricName,
  classMetricNames,
  type ClassMetricName,
} from './evaluate/metricCatalog.js';
export { predictionsFromCsv, predictionsToCsv } from './input/predictionsCsv.js';
export { alignPredictions, labeledPredictions } from './input/alignPredictions.js';
export { checkPredictions } from './input/checkPredictions.js';

// From the confusion matrix
export {
  confusionMatrix,
  type ConfusionMatrix,
  classCounts,
  type ClassCounts,
} from './confusion/confusionMatrix.js';
export {
  type ClassChoice,
  accuracy,
  type AccuracyReading,
  balancedAccuracy,
  f1,
  precision,
  sensitivity,
  specificity,
} from './confusion/rates.js';
export { cohenKappa, matthews, quadraticKappa } from './confusion/agreement.js';

// From the order of scores
export { rocAuc, type AucAverage } from './ranking/rocAuc.js';
export { binaryAuc } from './ranking/binaryAuc.js';
export {
  averagePrecision,
  precisionRecallCurve,
  type PrecisionRecallPoint,
} from './ranking/precisionRecall.js';
export { rocCurve, type RocPoint } from './ranking/rocCurve.js';
export { rocBand, precisionRecallBand, type BandPoint } from './resampling/curveBands.js';

// From probabilities
export { brierScore, logLoss } from './probability/scoringRules.js';
export {
  calibration,
  type Calibration,
  type CalibrationErrors,
  type Binning,
  type ReliabilityBin,
} from './probability/calibration.js';

// Uncertainty by resampling
export { bootstrapInterval } from './resampling/bootstrapInterval.js';
export { intervalsOverSplits } from './resampling/intervalsOverSplits.js';
export { bootstrapDifference, type BootstrapComparison } from './resampling/bootstrapDifference.js';
export type { BootstrapOptions } from './resampling/bootstrap.js';
export type { BootstrapInterval, BootstrapMethod } from './resampling/replicateInterval.js';
export type { Metric, Weighting } from './sample/weighting.js';
export type { ScoredSamples } from './sample/scoredSamples.js';

// Uncertainty of AUC by formula
export {
  delongInterval,
  macroDelongInterval,
  type AucInterval,
  type AucIntervalOptions,
} from './delong/delongInterval.js';
export { delongTest, macroDelongTest, type AucComparison } from './delong/delongTest.js';

// Tests, intervals and corrections
export { benjaminiHochberg, holm } from './hypothesis/multipleComparisons.js';
export {
  clopperPearsonInterval,
  type ProportionInterval,
  wilsonInterval,
} from './hypothesis/proportionInterval.js';
export {
  correctedResampledTest,
  type ResampledTestOptions,
  pairedTTest,
  type StudentTest,
} from './hypothesis/pairedTTest.js';
export { mcnemarTest, type McNemarResult } from './hypothesis/mcnemarTest.js';
export {
  meanAndStandardDeviation,
  type MeanAndStandardDeviation,
} from './hypothesis/meanAndStandardDeviation.js';

// Distributions
export { betaQuantile, incompleteBeta } from './distributions/beta.js';
export { binomialCdf, binomialProbability } from './distributions/binomial.js';
export { chiSquaredQuantile, chiSquaredTails, incompleteGamma } from './distributions/gamma.js';
export { normalCdf, normalQuantile, normalTails } from './distributions/normal.js';
export { studentCdf, studentQuantile, studentTails } from './distributions/student.js';
export type { Tails } from './distributions/invertDistribution.js';
