import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from './runFiles.js';

/** Whether a folder is a run's: it has the run's configuration. */
export function isRunFolder(folder: string): Promise<boolean> {
  return access(join(folder, runFiles.config)).then(
    () => true,
    () => false,
  );
}
