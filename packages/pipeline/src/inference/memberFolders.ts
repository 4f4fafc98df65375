import { join } from 'node:path';
import { count, InputError, unknownName } from '@nonlocal-med/core';
import {
  isExperimentFolder,
  plannedRows,
  readExperimentFolder,
  trainedRows,
} from '@nonlocal-med/runs';

/**
 * The folders of an ensemble's members: a run or an exported model is one, an experiment has the finished repeats of a row.
 * @param row key of the row; default: the only row with runs
 * @throws InputError for an experiment with several rows and no `row`, an unknown row, or one without finished repeats
 */
export async function memberFolders(folders: readonly string[], row?: string): Promise<string[]> {
  const members = await Promise.all(
    folders.map(async (folder) => {
      if (!(await isExperimentFolder(folder))) return [folder];
      const record = await readExperimentFolder(folder, { ensembles: false });
      const trained = trainedRows(record).map(({ key }) => key);
      const planned = plannedRows(record.manifest).map(({ key }) => key);
      if (row === undefined && trained.length > 1)
        throw new InputError({
          path: folder,
          message: `has ${count(trained.length, 'row')}, and an ensemble is made of the repeats of one`,
          hint: `--row with one of: ${trained.join(', ')}`,
        });
      const key = row ?? trained[0] ?? planned[0];
      if (!planned.includes(key))
        throw new InputError(
          unknownName({ path: '--row', kind: 'row', name: key, known: planned }),
        );
      const finished = record.runs.filter((run) => run.row === key && run.state === 'finished');
      if (finished.length === 0)
        throw new InputError({
          path: folder,
          message: `the row ${key} has no finished repeat`,
          hint: 'train it to the end first',
        });
      return finished.map((run) => join(record.path, run.folder));
    }),
  );
  return members.flat();
}
