// The rules of decisions alone, for programs that list options without loading every metric.
export { type DecisionRule, parseDecisionRule } from './decision/decisionRule.js';
