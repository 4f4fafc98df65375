// Predictions in, everything out
export { evaluatePredictions } from './evaluate/evaluatePredictions.js';
export type {
  ClassReport,
  EvaluationOptions,
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
export { metricNames, type ClassMetricName, type MetricName } from './evaluate/metricCatalog.js';
export { classesAreOrdered } from './evaluate/classOrder.js';
export { evaluateFindings, type FindingsEvaluationOptions } from './findings/evaluateFindings.js';
export type {
  FindingMetricName,
  FindingReport,
  FindingsReport,
} from './findings/findingsReport.js';
export {
  compareFindings,
  type FindingComparison,
  type FindingsComparison,
  type FindingsComparisonOptions,
} from './findings/compareFindings.js';
export type { FindingStatistic } from './findings/findingStatistics.js';
export {
  compareTask,
  evaluateTask,
  oneVsRest,
  type OneVsRestReport,
  reportedMetric,
  reportNames,
  type TaskComparison,
  type TaskComparisonOptions,
  type TaskMetric,
  type TaskReport,
} from './evaluate/taskReport.js';
export {
  predictionsFromCsv,
  predictionsToCsv,
  taskPredictionsFromCsv,
} from './input/predictionsCsv.js';
export { decisionCells, decisionColumns, type RecordedDecision } from './input/decisionColumns.js';
export { decisionsFromCsv, decisionsToCsv, type RecordedDecisions } from './input/decisionsCsv.js';
export { alignPredictions, labeledPredictions } from './input/alignPredictions.js';
export { pickRows } from './input/taskPredictions.js';
export { averagePredictions } from './input/averagePredictions.js';
export { poolPredictions } from './input/poolPredictions.js';

// Predictions made elsewhere
export {
  type ExternalFile,
  externalPredictions,
  type ExternalPredictions,
  type ExternalReference,
} from './external/externalPredictions.js';
export { type Reader, readerPoint, type ReaderPoint } from './external/readers.js';

// A decision from a probability
export { binarySamples, type BinarySamples } from './decision/binarySamples.js';
export {
  chooseOperatingPoint,
  type OperatingGoal,
  type OperatingPoint,
  type ThresholdPlacement,
} from './decision/operatingPoint.js';
export {
  evaluateOperatingPoint,
  type DecisionRate,
  type DecisionRateName,
  type OperatingReport,
  type OperatingReportOptions,
} from './decision/operatingReport.js';
export {
  compareOperatingPoints,
  type OperatingComparison,
  type OperatingModel,
} from './decision/compareOperatingPoints.js';
export {
  decisionCurve,
  type DecisionCurveOptions,
  type DecisionCurvePoint,
  type NetBenefit,
} from './decision/decisionCurve.js';
export {
  describeGoal,
  goalText,
  parseDecisionRule,
  positivesOf,
  type DecisionRule,
} from './decision/decisionRule.js';
export {
  chooseDecision,
  pointsInUse,
  pointText,
  type ChosenPoint,
  type Decision,
  type DecisionOptions,
  type RefusedPoint,
  targetClass,
} from './decision/chooseDecision.js';
export {
  decidePredictions,
  type DecidedPredictions,
  type ImageDecision,
} from './decision/decidePredictions.js';
export { testDecision, type DecisionReport, type TestedPoint } from './decision/testDecision.js';
export { rateAtFixedRate, type FixedRate } from './decision/rateAtFixedRate.js';

// Groups of samples, such as women and men
export { evaluateSubgroups, type SubgroupOptions } from './subgroups/evaluateSubgroups.js';
export {
  defaultSubgroupRules,
  parseSubgroupRules,
  type SubgroupPart,
  type SubgroupRule,
} from './subgroups/subgroupRule.js';
export type {
  Subgroup,
  SubgroupDifference,
  SubgroupDivision,
  SubgroupMetric,
  SubgroupSize,
  SubgroupsReport,
} from './subgroups/subgroupsReport.js';

// From the confusion matrix
export {
  confusionMatrix,
  type ClassCounts,
  type ConfusionMatrix,
} from './confusion/confusionMatrix.js';
export {
  accuracy,
  balancedAccuracy,
  f1,
  precision,
  sensitivity,
  specificity,
  type AccuracyReading,
  type ClassChoice,
} from './confusion/rates.js';
export { cohenKappa, matthews, quadraticKappa } from './confusion/agreement.js';

// From the order of scores
export { rocAuc, type AucAverage } from './ranking/rocAuc.js';
export { binaryAuc } from './ranking/binaryAuc.js';
export { rocCurve, type RocPoint } from './ranking/rocCurve.js';
export {
  averagePrecision,
  precisionRecallCurve,
  type PrecisionRecallPoint,
} from './ranking/precisionRecall.js';

// From probabilities
export { brierScore, logLoss } from './probability/scoringRules.js';
export {
  calibration,
  type Binning,
  type Calibration,
  type CalibrationErrors,
  type CalibrationOptions,
  type ReliabilityBin,
} from './probability/calibration.js';
export {
  applyTemperature,
  fitTemperature,
  probabilityLogits,
  type TemperatureScaling,
} from './probability/temperatureScaling.js';
export {
  applyPlatt,
  calibrateFindings,
  fitPlatt,
  probabilityLogit,
  type PlattScaling,
  type Sigmoid,
} from './probability/plattScaling.js';

export {
  applyCalibration,
  type FindingSigmoid,
  type FittedCalibration,
} from './probability/fitCalibration.js';
export type { CalibrationSummary } from './probability/calibrationSummary.js';

// Uncertainty by resampling
export { bootstrapInterval, bootstrapMean } from './resampling/bootstrapInterval.js';
export { bootstrapDifference, type BootstrapComparison } from './resampling/bootstrapDifference.js';
export { intervalsOverSplits } from './resampling/intervalsOverSplits.js';
export {
  precisionRecallBand,
  rocBand,
  type BandOptions,
  type BandPoint,
} from './resampling/curveBands.js';
export type { BootstrapOptions } from './resampling/bootstrap.js';
export type { BootstrapInterval, BootstrapMethod } from './resampling/replicateInterval.js';
export type { Metric, Weighting } from './sample/weighting.js';
export type { ScoredSamples } from './sample/scoredSamples.js';

// Uncertainty of the AUC by formula
export {
  delongInterval,
  macroDelongInterval,
  type AucInterval,
  type AucIntervalOptions,
} from './delong/delongInterval.js';
export { delongTest, macroDelongTest, type AucComparison } from './delong/delongTest.js';
export { unpairedDelongTest, type IndependentAucComparison } from './delong/unpairedDelongTest.js';

// Tests, intervals and corrections
export { mcnemarTest, type McNemarResult } from './hypothesis/mcnemarTest.js';
export {
  correctedResampledInterval,
  correctedResampledTest,
  pairedTTest,
  type ResampledInterval,
  type ResampledTestOptions,
  type StudentTest,
} from './hypothesis/pairedTTest.js';
export { benjaminiHochberg, holm } from './hypothesis/multipleComparisons.js';
export {
  clopperPearsonInterval,
  wilsonInterval,
  type ProportionInterval,
} from './hypothesis/proportionInterval.js';
export {
  meanAndStandardDeviation,
  type MeanAndStandardDeviation,
} from './hypothesis/meanAndStandardDeviation.js';
