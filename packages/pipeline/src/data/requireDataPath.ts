import { stat } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { isHiddenPath } from '../config/hiddenPaths.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/**
 * Makes sure that the data set of a run is still where its configuration says.
 * @throws InputError with the line of config.yaml to change, if nothing is there, or the path is hidden and not known here.
 */
export async function requireDataPath(
  run: Pick<RunFolder, 'file'>,
  { data }: Pick<RunConfig, 'data'>,
): Promise<void> {
  if (data.kind === 'tiny-lesions') return;
  const { path } = data;
  if (isHiddenPath(path))
    throw new InputError({
      path: run.file(runFiles.config),
      message:
        'does not say where the DICOM files of the run are: only the machine and user that trained the run know it',
      hint: `write their path in place of "${path}"; the images must be the same`,
    });
  if ((await stat(path).catch(() => undefined)) !== undefined) return;
  const file = run.file(runFiles.config);
  const lines = (await readRegularFile(file, 'utf8')).split(/\r?\n/);
  const section = lines.findIndex((line) => /^data:/.test(line));
  const line = lines.findIndex((text, index) => index > section && /^\s+path:/.test(text));
  const place = line < 0 ? 'data.path' : `line ${line + 1}, "${lines[line].trim()}",`;
  throw new InputError({
    path: file,
    message: `the data set of the run is no longer at "${path}"`,
    hint: `if it was moved, change ${place} in this file; the images must be the same`,
  });
}
