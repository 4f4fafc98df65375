import type { TrainingEvent } from '@nonlocal-med/core';
import { readEvents, runFiles, type RunFolder } from '@nonlocal-med/runs';

/** The last line of a run's log, where it says that the run came to its end. */
export async function endOfLog(run: RunFolder): Promise<TrainingEvent | undefined> {
  const last = (await readEvents(run.file(runFiles.events))).at(-1);
  return last?.type === 'end' && last.reason !== 'interrupted' ? last : undefined;
}
