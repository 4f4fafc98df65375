import type { Schedule } from './schedule.js';

/** Half a cosine from 1 to `finalFraction`: PyTorch's CosineAnnealingLR with T_max = `steps` (Loshchilov and Hutter 2017, eq. 5). */
export const cosineSchedule: Schedule = (step, { steps, options: { finalFraction } }) => {
  const done = Math.min(step, steps) / steps;
  return finalFraction + ((1 - finalFraction) * (1 + Math.cos(Math.PI * done))) / 2;
};
