import type { ExperimentManifest, ExperimentRow } from '@nonlocal-med/runs';
import { paperResult, paperTableNotes } from './paper/paperResult.js';
import { type PaperData, type PaperTableName, paperTables } from './paper/paperTables.js';
import type { ExperimentPlan, PlannedRow } from './planExperiment.js';

/** What a plan cannot know before its data set is open. */
export interface ManifestData {
  readonly name: string;
  /** Which of the paper's data sets it is. */
  readonly paper: PaperData | null;
}

const paperNames: Readonly<Record<PaperData, string>> = {
  messidor: 'MESSIDOR',
  covid19: 'COVID-19 Radiography',
};

/** What `experiment.json` says of a plan: rows with the paper's numbers where there are any, and the runs. */
export function experimentManifest(
  { name, caption, notes, repeats, rows, runs }: ExperimentPlan,
  data: ManifestData,
): ExperimentManifest {
  const table = Object.hasOwn(paperTables, name) ? (name as PaperTableName) : null;
  const published = data.paper ?? 'messidor';
  const otherData =
    table !== null && data.paper === null
      ? [
          `The published numbers are for ${paperNames[published]}, not for this data set: they stand here for orientation only.`,
        ]
      : [];
  return {
    format: 1,
    name,
    caption,
    data: data.name,
    repeats,
    rows: rows.map((row) =>
      manifestRow(row, table === null ? null : paperResult(table, published, row.key)),
    ),
    runs: runs.map(({ row, repeat, folder }) => ({ row: row.key, repeat, folder })),
    notes: [...notes, ...otherData, ...(table === null ? [] : paperTableNotes(table, published))],
  };
}

function manifestRow(
  { key, title, group, baseline, note, published, reproduced }: PlannedRow,
  paper: ReturnType<typeof paperResult>,
): ExperimentRow {
  const numbers = published ?? paper?.published;
  const text = [note, published === undefined ? paper?.note : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
  return {
    key,
    title,
    ...(group === undefined ? {} : { group }),
    baseline,
    ...(numbers === undefined ? {} : { published: numbers }),
    reproduced,
    ...(text === '' ? {} : { note: text }),
  };
}
