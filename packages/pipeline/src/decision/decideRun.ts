import { InputError, type Issue, type TaskPredictions, throwIssues } from '@nonlocal-med/core';
import {
  chooseDecision,
  type Decision,
  type DecisionReport,
  type DecisionRule,
  parseDecisionRule,
  positivesOf,
  testDecision,
} from '@nonlocal-med/metrics';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { RunData } from '../data/runData.js';

/** Which decisions are wanted instead of those of the run. */
export interface DecisionRequest {
  /** Default: those of the run. */
  readonly rules?: readonly DecisionRule[];
  /** Use calibrated probabilities, for metrics, too. Default: as the run, for decisions only. */
  readonly calibrated?: boolean;
}

/** What is decided on the validation set, and what it achieves on the test set. */
export interface RunDecision {
  readonly decision: Decision;
  readonly report: DecisionReport;
}

/** Makes the decisions of a run, with one choice of weights, on its validation set and tests them. */
export function decideRun(
  { decision: options, seed }: Pick<RunConfig, 'decision' | 'seed'>,
  { validation, test }: { readonly validation: TaskPredictions; readonly test: TaskPredictions },
  request: DecisionRequest = {},
): RunDecision {
  const decision = chooseDecision(validation, {
    rules: request.rules ?? options.operatingPoints?.map((text) => parseDecisionRule(text)),
    calibrated: request.calibrated ?? options.calibrated,
  });
  return { decision, report: testDecision(test, decision, { seed }) };
}

/**
 * Makes sure, before a run is trained, that its operating points can be chosen.
 * @throws InputError if operating points are wanted and there is no validation set, or one names an unknown class
 */
export function checkDecision(
  { decision: { operatingPoints = [] } }: Pick<RunConfig, 'decision'>,
  { dataset: { classes, task }, split }: RunData,
): void {
  const path = 'decision.operatingPoints';
  if (operatingPoints.length > 0 && split.validation.length === 0)
    throw new InputError(noValidation(path));
  const kind = task === 'multilabel' ? 'finding' : 'class';
  throwIssues(
    operatingPoints.flatMap((text): readonly Issue[] => {
      const { positive } = parseDecisionRule(text);
      if (positive === undefined) return [];
      try {
        positivesOf(positive, classes, { path, kind });
        return [];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return error.issues;
      }
    }),
  );
}

/** Why there is no operating point, and what to do. */
export const noValidation = (path: string): Issue => ({
  path,
  message:
    'there is no validation set to choose on; a threshold that is chosen on the test set would look better there than on other images',
  hint: 'train with a validation set: --validation 0.2 (in a cross-validation, a part of the training folds), or validation images in the given split',
});
