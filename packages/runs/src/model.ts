// What the folder of an exported model contains beside its network, without a file system: for browsers, too.
export type { CardSection } from './card/modelCard.js';
export { type DecisionRecord, parseDecision } from './decision/decisionSchema.js';
export { modelFiles } from './run/modelFiles.js';
export { parseSelfTest, type SelfTest } from './run/selfTestSchema.js';
export {
  parseTrainingStatistics,
  type StatisticsGroup,
  type TrainingStatistics,
} from './run/trainingStatisticsSchema.js';
