import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunConfig } from '../config/runConfigSchema.js';
import { requireDataPath } from './requireDataPath.js';

it('says which line of config.yaml to change after a data set was moved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moved-'));
  const run = { file: (name: string): string => join(folder, name) };
  const config = (path: string): Pick<RunConfig, 'data'> =>
    ({ data: { kind: 'auto', path } }) as Pick<RunConfig, 'data'>;
  const gone = join(folder, 'gone');
  await writeFile(run.file('config.yaml'), `seed: 1\ndata:\n  kind: auto\n  path: ${gone}\n`);
  await expect(requireDataPath(run, config(gone))).rejects.toThrow(
    `${run.file('config.yaml')}: the data set of the run is no longer at "${gone}" (if it was moved, change line 4, "path: ${gone}", in this file; the images must be the same)`,
  );
  await expect(requireDataPath(run, config(folder))).resolves.toBeUndefined();
});
