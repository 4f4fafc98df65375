import { join } from 'node:path';
import { checkDecisionLabels } from '@nonlocal-med/classifier';
import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import { chooseDecision, type Decision } from '@nonlocal-med/metrics';
import {
  type DecisionRecord,
  readDecision,
  readValidationPredictions,
  runFiles,
  type WeightsChoice,
} from '@nonlocal-med/runs';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { type DecisionRequest, noValidation } from './decideRun.js';

/**
 * The decision of an exported model: the recorded one, or another one chosen on the validation predictions of its run.
 * @param model its folder, or that of its run, and its classes or findings
 * @returns null if none is recorded and none is requested
 * @throws InputError if the recorded one is for other classes, or a request cannot be met, with the reason
 */
export async function openDecision(
  { folder, labels }: Pick<ExportedModel, 'folder' | 'labels'>,
  request: DecisionRequest = {},
): Promise<Decision | null> {
  const recorded = await readRecorded([folder, join(folder, runFiles.model)], labels);
  if (request.rules === undefined) {
    if (recorded !== null) return withCalibration(recorded, request, folder);
    if (request.calibrated !== true) return null;
    throw new InputError({
      path: '--calibrated',
      message: `${folder} has no decision.json, so no calibration is known`,
      hint: 'a model of a run with a validation set, made with this version',
    });
  }
  const weights = recorded?.weights ?? 'selected';
  const validation = await readValidationPredictions(folder, weights);
  if (validation === null)
    throw new InputError({
      path: '--operating-point',
      message: `${folder} has no validation predictions to choose on`,
      hint: 'the folder of a run with a validation set, made with this version; an exported model alone has the operating points of its decision.json only',
    });
  return withCalibration(chooseDecision(validation, request), request, folder);
}

/** The first decision that one of the folders has. @throws InputError if it is for other classes */
async function readRecorded(
  folders: readonly string[],
  labels: readonly string[],
): Promise<DecisionRecord | null> {
  for (const folder of folders) {
    const recorded = await readDecision(folder);
    if (recorded === null) continue;
    checkDecisionLabels(recorded, labels, join(folder, runFiles.decision));
    return recorded;
  }
  return null;
}

/** @throws InputError if calibrated probabilities are requested and there is no calibration */
function withCalibration(
  decision: Decision,
  { calibrated = decision.calibrated }: DecisionRequest,
  folder: string,
): Decision {
  const { calibration } = decision;
  if (calibrated && calibration.method === 'none')
    throw new InputError({
      path: '--calibrated',
      message: `${folder} has no calibration: ${calibration.because}`,
      hint: 'without --calibrated, or train with a larger validation set',
    });
  return { ...decision, calibrated };
}

/**
 * The decision of a run with one choice of its weights, as it was made when the run was tested, or another one.
 * @param predict predicts the validation set, for a run of a version that did not record it; null without one
 * @returns null if the run has no validation set or did not record it, and no decision is requested
 * @throws InputError if a request cannot be met, with the reason
 */
export async function decideAgain(
  folder: string,
  {
    weights,
    request,
    rules,
    calibrated,
    predict,
  }: {
    readonly weights: WeightsChoice;
    readonly request?: DecisionRequest;
    readonly predict: (() => Promise<TaskPredictions>) | null;
  } & DecisionRequest,
): Promise<Decision | null> {
  const wanted = request?.rules ?? request?.calibrated;
  if (predict === null) {
    if (wanted !== undefined) throw new InputError(noValidation('--operating-point'));
    return null;
  }
  const recorded = await readValidationPredictions(folder, weights);
  if (recorded === null && wanted === undefined) return null;
  const decision = chooseDecision(recorded ?? (await predict()), {
    rules: request?.rules ?? rules,
    calibrated,
  });
  return withCalibration(decision, request ?? {}, folder);
}
