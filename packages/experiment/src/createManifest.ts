import { omitKeys } from '@nonlocal-med/pipeline';
import type { ExperimentManifest, ExperimentRow } from '@nonlocal-med/runs';
import { predictionFiles } from './externalRows.js';
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
  { name, caption, notes, repeats, ensembles, rows, runs }: ExperimentPlan,
  data: ManifestData,
): ExperimentManifest {
  const views = runs.flatMap(({ config }) => config.test.tta ?? []);
  const table = Object.hasOwn(paperTables, name) ? (name as PaperTableName) : null;
  const resultOf = (row: PlannedRow): PaperResult | null =>
    table === null || data.paper === null ? null : paperResult(table, data.paper, row.key);
  const isOfThisData = ({ published }: PlannedRow): boolean =>
    published?.data === undefined || isSameData(published.data, data);
  return {
    format: 1,
    name,
    caption,
    data: data.name,
    repeats,
    rows: rows
      .map((row) => (isOfThisData(row) ? row : { ...row, published: undefined }))
      .filter((row) => row.reproduced || row.published !== undefined || resultOf(row) !== null)
      .map((row) => manifestRow(row, resultOf(row))),
    ...(ensembles === undefined ? {} : { ensembles }),
    ...(views.length === 0 ? {} : { tta: views[0] }),
    runs: runs.map(({ row, repeat, folder }) => ({ row: row.key, repeat, folder })),
    notes: [
      ...notes,
      ...(table === null ? [] : paperNotesFor(table, data.paper)),
      ...otherDataNotes(rows.filter((row) => !isOfThisData(row))),
    ],
  };
}

function paperNotesFor(table: PaperTableName, data: PaperData | null): string[] {
  if (data !== null && paperTables[table].results[data] !== undefined)
    return paperTableNotes(table, data);
  const measured = (Object.keys(paperTables[table].results) as PaperData[]).map(
    (name) => paperNames[name],
  );
  return [
    `The paper's results are not shown: they are for ${measured.join(' and ')}, not for this data set.`,
  ];
}

/** Whether the name that a definition gives for the data set of published results is that of the data set in use. */
function isSameData(published: string, { name, paper }: ManifestData): boolean {
  const names = [name, ...(paper === null ? [] : [paper, paperNames[paper]])];
  return names.some((known) => known.toLowerCase() === published.toLowerCase());
}

function otherDataNotes(rows: readonly PlannedRow[]): string[] {
  return rows.map(
    ({ title, published }) =>
      `The published results of ${title} are not shown: they are for ${published!.data}, not for this data set.`,
  );
}

/** A row of the manifest. Published numbers in the definition replace those of the paper and their note. */
function manifestRow(row: PlannedRow, paper: PaperResult | null): ExperimentRow {
  const { key, title, group, baseline, note, published, reproduced, commonImages } = row;
  const predictions = predictionFiles(row);
  const notes = [note, published === undefined ? paper?.note : undefined];
  const text = notes.filter((part) => part !== undefined).join(' ');
  return {
    key,
    title,
    group,
    baseline,
    published: published === undefined ? paper?.published : omitKeys(published, 'data'),
    reproduced,
    ...(predictions.length === 0 ? {} : { predictions: predictions.map(({ copy }) => copy) }),
    ...(commonImages === undefined ? {} : { commonImages }),
    note: text === '' ? undefined : text,
  };
}
