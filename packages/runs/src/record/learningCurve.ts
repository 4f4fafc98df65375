import type { RunEventRecord } from './runEventSchema.js';

/** One finished epoch. */
export type EpochRecord = Extract<RunEventRecord, { type: 'epoch' }>;

/** The epochs of a run in order; one that a resumed run repeated counts as it ended. */
export function learningCurve(events: readonly RunEventRecord[]): EpochRecord[] {
  const epochs = new Map<number, EpochRecord>();
  for (const event of events) if (event.type === 'epoch') epochs.set(event.epoch, event);
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}
