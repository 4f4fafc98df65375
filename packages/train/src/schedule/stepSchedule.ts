import type { Schedule } from './schedule.js';

/** Multiplied by `stepFactor` every `stepEpochs` epochs: PyTorch's StepLR. */
export const stepSchedule: Schedule = (step, { stepsPerEpoch, options }) => {
  const interval = Math.max(1, Math.round(options.stepEpochs * stepsPerEpoch));
  return options.stepFactor ** Math.floor(step / interval);
};
