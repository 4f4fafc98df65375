import type { Schedule } from './schedule.js';

/** The same learning rate throughout (the paper's). */
export const constantSchedule: Schedule = () => 1;
