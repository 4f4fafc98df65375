import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { EXPERIMENT_FILE } from './experimentManifest.js';

/** Whether a folder is an experiment's. */
export function isExperimentFolder(folder: string): Promise<boolean> {
  return access(join(folder, EXPERIMENT_FILE)).then(
    () => true,
    () => false,
  );
}
