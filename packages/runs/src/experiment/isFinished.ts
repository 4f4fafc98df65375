import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../run/runFiles.js';

/** Whether a run of an experiment is complete: its metrics are written last. */
export function isFinished(folder: string, run: { readonly folder: string }): Promise<boolean> {
  return access(join(folder, run.folder, runFiles.metrics)).then(
    () => true,
    () => false,
  );
}
