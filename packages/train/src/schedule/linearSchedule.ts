import type { Schedule } from './schedule.js';

/** A straight line from 1 to `finalFraction`: PyTorch's LinearLR with start_factor 1 and total_iters = `steps`. */
export const linearSchedule: Schedule = (step, { steps, options: { finalFraction } }) =>
  1 + (finalFraction - 1) * (Math.min(step, steps) / steps);
