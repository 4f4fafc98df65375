import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { InputError, type Issue } from '@nonlocal-med/core';
import { chooseAttributes } from '../attributes/attributeColumns.js';
import { describeSeveralFindings } from '../findings/findingOptions.js';
import { countOf } from '../noteText.js';
import type { TableRow } from '../table/csvRows.js';
import { readTable } from '../table/readTable.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, FindingForm, ListedImage } from './datasetListing.js';
import { createFileFinder, type FileFinder } from './fileFinder.js';
import { findBelow } from './findBelow.js';
import { findColumns, type ManifestColumns } from './findColumns.js';
import { findImageRoot } from './findImageRoot.js';
import { readSplitColumn } from './givenSplit/readSplitColumn.js';
import { splitNameOf } from './givenSplit/splitNames.js';
import { groupRule, pairEyes } from './groupImages.js';

/** Lists a data set from its manifest, a CSV or Excel file: one line per image. @throws InputError if its header cannot be used. */
export async function readManifest(
  file: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  return listManifest(await parseManifest(file), { file, options });
}

/** Lists a data set from the table of its manifest. @throws InputError if its header cannot be used. */
export async function listManifest(
  { columns: names, rows, issues: lengthIssues, notes: tableNotes }: Manifest,
  { file, options }: { readonly file: string; readonly options: ResolvedDataOptions },
): Promise<DatasetListing> {
  const manifest = basename(file);
  const { columns, issues: columnIssues, notes } = findColumns(names, options, `${manifest}:1`);
  if (columns === undefined) throw new InputError([...columnIssues, ...lengthIssues]);
  const { root, note: rootNote } = await findImageRoot(file, {
    images: options.images,
    names: rows.map(({ cells }) => cells[columns.file]),
  });
  const given = readSplitColumn(rows, { index: columns.split, names, manifest, options });
  const finder = findBelow(createFileFinder(root), root);
  const severalFindings = describeSeveralFindings(options);
  const taken = [columns.file, columns.label, columns.group, columns.mask, given.index];
  const attributes = chooseAttributes(names, {
    wanted: options.attributes,
    taken: [...taken, ...(columns.findings ?? [])].filter((index) => index !== undefined),
  });
  const context: RowContext = {
    columns: { ...columns, split: given.index },
    attributes: attributes.kept.map((index) => [names[index], index]),
    severalFindings,
    finder,
    root,
    manifest,
  };
  const read: Awaited<ReturnType<typeof readRow>>[] = [];
  for (const row of rows) read.push(await readRow(row, context));
  const { images, issues: repeated } = rejectRepeated(
    read.flatMap(({ image }) => (image === undefined ? [] : [image])),
  );
  const hasGroups = columns.group !== undefined || options.groupPattern !== undefined;
  const splitIsGiven = given.source !== undefined || options.splitFile !== undefined;
  const eyes = hasGroups ? undefined : pairEyes(images, { splitIsGiven });
  const groupNote =
    columns.group === undefined || options.groupColumn !== undefined
      ? undefined
      : `Images with the same "${names[columns.group]}" ${groupRule({ splitIsGiven })} (recognized by the column's name; --group-column selects another).`;
  return {
    name: datasetName(file),
    images: eyes?.images ?? images,
    labels: [],
    ...(severalFindings ? { findings: formOf(columns, names, manifest) } : {}),
    splitSource: given.source,
    attributeNames: attributes.names,
    issues: [
      ...lengthIssues,
      ...given.issues,
      ...read.flatMap(({ issues }) => issues),
      ...repeated,
    ],
    notes: [
      ...tableNotes,
      rootNote,
      ...finder.notes(),
      groupNote,
      ...notes,
      ...given.notes,
      severalFindings ? undefined : combinedLabels(images),
      eyes?.note,
    ].filter((note) => note !== undefined),
  };
}

/** The columns and rows of a manifest. */
export interface Manifest {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** Rows with a different length than the header. */
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/** Reads the table of a manifest. @throws InputError if the file cannot be read, is not a table, or does not have a header and a row. */
export async function parseManifest(file: string): Promise<Manifest> {
  const name = basename(file);
  const notes: string[] = [];
  const records = await readTable(file, (note) => notes.push(note));
  if (records.length < 2)
    throw new InputError({
      path: name,
      message: records.length === 0 ? 'is empty' : 'has a header but no rows',
      hint: 'a header line and one line per image',
    });
  const [{ cells: names }, ...lines] = records;
  const columns = names.slice(0, names.findLastIndex((column) => column !== '') + 1);
  const body = lines.map((row) => withoutBlanksAfter(row, columns.length));
  const repeated = columns.find(
    (column, index) => column !== '' && columns.indexOf(column) !== index,
  );
  if (repeated !== undefined)
    throw new InputError({ path: `${name}:1`, message: `duplicate column "${repeated}"` });
  const issues = body
    .filter(({ cells }) => cells.length !== columns.length)
    .map(({ line, cells }): Issue => ({
      path: `${name}:${line}`,
      message: `has ${countOf(cells.length, 'field')}, but the header has ${columns.length}`,
    }));
  const rows = body.filter(({ cells }) => cells.length === columns.length);
  return { columns, rows, issues, notes };
}

/** A row without the empty cells after the last named column, which spreadsheets leave behind. */
function withoutBlanksAfter({ line, cells }: TableRow, length: number): TableRow {
  const isBlank = cells.slice(length).every((cell) => cell === '');
  return { line, cells: isBlank ? cells.slice(0, length) : cells };
}

function formOf(
  { label, findings }: ManifestColumns,
  names: readonly string[],
  manifest: string,
): FindingForm {
  return findings === undefined
    ? { column: `${manifest}, column "${names[label!]}"` }
    : { column: manifest, columns: findings.map((index) => names[index]) };
}

interface RowContext {
  readonly columns: ManifestColumns;
  /** Names and indices of the columns that are kept with the image. */
  readonly attributes: readonly (readonly [name: string, index: number])[];
  /** Whether an empty label means that findings are not known. */
  readonly severalFindings: boolean;
  readonly finder: FileFinder;
  readonly root: string;
  readonly manifest: string;
}

async function readRow(
  { line, cells }: TableRow,
  { columns, attributes, severalFindings, finder, root, manifest }: RowContext,
): Promise<{ readonly image?: ListedImage; readonly issues: readonly Issue[] }> {
  const path = `${manifest}:${line}`;
  const name = cells[columns.file];
  const findingCells = columns.findings?.map((index) => cells[index]);
  const label = findingCells?.join(', ') ?? cells[columns.label!];
  const group = columns.group === undefined ? undefined : cells[columns.group];
  const maskName = columns.mask === undefined ? '' : cells[columns.mask];
  const issues: Issue[] = [];
  if (name === '')
    issues.push({
      path,
      message: 'no image file is given',
      hint: 'every line must name an image',
    });
  if (label === '' && !severalFindings)
    issues.push({
      path,
      message: `the label of "${name}" is empty`,
      hint: 'add one, or remove the line',
    });
  if (group === '')
    issues.push({
      path,
      message: `the group of "${name}" is empty`,
      hint: 'add one, so that it is known which images belong together',
    });
  const locate = async (kind: 'image' | 'mask', fileName: string): Promise<string | undefined> => {
    if (fileName === '') return undefined;
    const found = await finder.find(fileName);
    if (typeof found === 'string') return found;
    issues.push(
      found === undefined
        ? {
            path,
            message: `${kind} "${fileName}" does not exist`,
            hint: `searched in ${root}`,
          }
        : {
            path,
            message: `${kind} "${fileName}" is ambiguous: ${found.map((entry) => toId(root, entry)).join(', ')}`,
            hint: 'use the full name',
          },
    );
    return undefined;
  };
  const file = await locate('image', name);
  const mask = await locate('mask', maskName);
  if (file === undefined || issues.length > 0) return { issues };
  const id = toId(root, file);
  const split = columns.split === undefined ? undefined : splitNameOf(cells[columns.split]);
  const issuePath = `${path} (${name})`;
  const findings = findingCells === undefined ? {} : { findingCells };
  const kept = attributes.map(([attribute, index]) => [attribute, cells[index]] as const);
  const described = kept.length === 0 ? {} : { attributes: Object.fromEntries(kept) };
  return {
    issues,
    image: { id, file, label, ...findings, group, mask, split, ...described, issuePath },
  };
}

/** A file's path below the root; a file elsewhere keeps its whole path. */
function toId(root: string, file: string): string {
  const path = relative(root, file);
  return (path === '..' || path.startsWith(`..${sep}`) ? file : path).split(sep).join('/');
}

/** The first line of each image; the others are issues. */
function rejectRepeated(listed: readonly ListedImage[]): {
  images: ListedImage[];
  issues: Issue[];
} {
  const first = new Map<string, ListedImage>();
  const issues = listed.flatMap((image): Issue[] => {
    const earlier = first.get(image.file);
    if (earlier === undefined) {
      first.set(image.file, image);
      return [];
    }
    const labels =
      earlier.label === image.label
        ? `with the same label "${image.label}"`
        : `with different labels "${earlier.label}" and "${image.label}"`;
    return [
      {
        path: image.issuePath,
        message: `the image is listed twice ${labels}; first in ${earlier.issuePath.split(' (')[0]}`,
        hint: 'one line per image',
      },
    ];
  });
  return { images: [...first.values()], issues };
}

/** Labels such as "Effusion|Mass", as ChestX-ray14 writes several findings of an image. */
function combinedLabels(images: readonly ListedImage[]): string | undefined {
  const labels = [...new Set(images.map(({ label }) => label))].filter((label) =>
    label.includes('|'),
  );
  if (labels.length === 0) return undefined;
  return `${countOf(labels.length, 'label')} ${labels.length === 1 ? 'names' : 'name'} several findings, and each combination is a separate class, such as "${labels[0]}": --task multilabel learns whether each finding is present; labelMap merges them into classes or leaves them out.`;
}

/** A manifest called labels.csv or similar is named after its folder; any other names the data set itself. */
function datasetName(file: string): string {
  const stem = basename(file, extname(file));
  return /^(labels?|train|data|index|manifest|annotations?)$/i.test(stem)
    ? basename(dirname(resolve(file)))
    : stem;
}
