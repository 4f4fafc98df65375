import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { renderSummary, summarizeExperiment, tableFormats } from '@nonlocal-med/report';
import { experimentTableFile, readExperimentFolder } from '@nonlocal-med/runs';

/**
 * Writes an experiment's tables into its folder, of the last epoch's weights and of the chosen ones where there are any,
 * in every format.
 * @returns their names; none where no run is finished yet.
 */
export async function writeTables(folder: string): Promise<string[]> {
  const record = await readExperimentFolder(folder);
  const finished = record.runs.filter(({ state }) => state === 'finished');
  if (finished.length === 0) return [];
  const selected = finished.some(({ run }) => run?.metrics?.selected !== undefined);
  const tables: string[] = [];
  for (const weights of selected ? (['last', 'selected'] as const) : (['last'] as const)) {
    const summary = summarizeExperiment(record, { weights });
    for (const format of tableFormats) {
      const name = experimentTableFile(weights, format);
      await writeAtomic(join(folder, name), renderSummary(summary, format));
      tables.push(name);
    }
  }
  return tables;
}
