import { join } from 'node:path';
import { count, InputError, unknownName } from '@nonlocal-med/core';
import { isExperimentFolder, readExperimentFolder } from '@nonlocal-med/runs';

/**
 * The folders of an ensemble's members: a run or an exported model is one, an experiment has the finished repeats of a row.
 * @param row key of the row; default: the only row with runs
 * @throws InputError for an experiment with several rows and no `row`, an unknown row, or one without finished repeats
 */
export async function memberFolders(folders: readonly string[], row?: string): Promise<string[]> {
  const members = await Promise.all(
    folders.map(async (folder) => {
      if (!(await isExperimentFolder(folder))) return [folder];
      const { path, runs } = await readExperimentFolder(folder, { ensembles: false });
      const trained = runs.filter(({ run }) => run?.system === undefined);
      const keys = [...new Set(trained.map((run) => run.row))];
      if (row === undefined && keys.length > 1)
        throw new InputError({
          path: folder,
          message: `has ${count(keys.length, 'row')}, and an ensemble is made of the repeats of one`,
          hint: `--row with one of: ${keys.join(', ')}`,
        });
      const key = row ?? keys[0];
      if (!keys.includes(key))
        throw new InputError(unknownName({ path: '--row', kind: 'row', name: key, known: keys }));
      const finished = trained.filter((run) => run.row === key && run.state === 'finished');
      if (finished.length === 0)
        throw new InputError({
          path: folder,
          message: `the row ${key} has no finished repeat`,
          hint: 'train it to the end first',
        });
      return finished.map((run) => join(path, run.folder));
    }),
  );
  return members.flat();
}
