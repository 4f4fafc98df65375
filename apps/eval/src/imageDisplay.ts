import type { ProgressListener } from '@nonlocal-med/experiment';
import { createProgress, type Progress } from '@nonlocal-med/terminal';

/** Shows images being checked and tested on standard error. */
export function createImageDisplay(): Pick<ProgressListener, 'onNote' | 'onImages'> {
  let current: { stage: string; progress: Progress } | undefined;
  return {
    onNote: (line) => process.stderr.write(`${line}\n`),
    onImages(stage, done, total) {
      if (current?.stage !== stage) current = { stage, progress: createProgress({ label: stage, total }) };
      current.progress.update(done);
      if (done < total) return;
      current.progress.stop();
      current = undefined;
    },
  };
}
