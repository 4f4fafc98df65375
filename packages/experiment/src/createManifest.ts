import type { ExperimentManifest, ExperimentRow } from '@nonlocal-med/runs';
import { type PaperResult, paperResult, paperTableNotes } from './paper/paperResult.js';
import { type PaperData, type PaperTableName, paperTables } from './paper/paperTables.js';
import type { ExperimentPlan, PlannedRow } from './planExperiment.js';

/** The data set of an experiment, which a plan does not know before it is opened. */
export interface ManifestData {
  readonly name: string;
  /** The data set of the paper that it is, if any. */
  readonly paper: PaperData | null;
}

const paperNames: Readonly<Record<PaperData, string>> = {
  messidor: 'MESSIDOR',
  covid19: 'COVID-19 Radiography',
};

/** Contents of `experiment.json`: the rows, with published numbers if there are any, and the runs of a plan. */
export function createManifest(
  { name, caption, notes, repeats, rows, runs }: ExperimentPlan,
  data: ManifestData,
): ExperimentManifest {
  const table = Object.hasOwn(paperTables, name) ? (name as PaperTableName) : null;
  const published = data.paper ?? 'messidor';
  const resultOf = (row: PlannedRow): PaperResult | null =>
    table === null ? null : paperResult(table, published, row.key);
  return {
    format: 1,
    name,
    caption,
    data: data.name,
    repeats,
    rows: rows.map((row) => manifestRow(row, resultOf(row))),
    runs: runs.map(({ row, repeat, folder }) => ({ row: row.key, repeat, folder })),
    notes: table === null ? notes : [...notes, ...paperNotesFor(table, data.paper)],
  };
}

function paperNotesFor(table: PaperTableName, data: PaperData | null): string[] {
  if (data !== null) return paperTableNotes(table, data);
  return [
    `The published numbers are for ${paperNames.messidor}, not for this data set; use them only as a rough guide.`,
    ...paperTableNotes(table, 'messidor'),
  ];
}

/** A row of the manifest. Published numbers in the definition replace those of the paper and their note. */
function manifestRow(
  { key, title, group, baseline, note, published, reproduced }: PlannedRow,
  paper: PaperResult | null,
): ExperimentRow {
  const notes = [note, published === undefined ? paper?.note : undefined];
  const text = notes.filter((part) => part !== undefined).join(' ');
  return {
    key,
    title,
    group,
    baseline,
    published: published ?? paper?.published,
    reproduced,
    note: text === '' ? undefined : text,
  };
}
