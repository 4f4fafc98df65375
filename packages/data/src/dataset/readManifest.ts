import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { type Issue, throwIssues } from '@nonlocal-med/core';
import type { TableRow } from '../table/table.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';
import { createFileFinder, type FileFinder } from './fileFinder.js';
import { findColumns, type ManifestColumns } from './findColumns.js';
import { pairEyes } from './pairEyes.js';
import { parseManifest } from './parseManifest.js';

type Row = { readonly image?: ListedImage; readonly issues: readonly Issue[] };

/** Reads a data set from its CSV manifest: one line an image. */
export async function readManifest(
  file: string,
  options: ResolvedDataOptions,
): Promise<DatasetListing> {
  const { columns: header, rows, issues: shape } = await parseManifest(file);
  const found = findColumns(header, options, `${basename(file)}:1`);
  if (found.columns === undefined) throwIssues([...found.issues, ...shape]);
  const columns = found.columns!;
  const roots = await findRoots(file, options.images);
  const root = await bestRoot(
    roots,
    rows.map(({ cells }) => cells[columns.file]),
  );
  const finder = createFileFinder(root);
  const read: Row[] = [];
  for (const row of rows)
    read.push(await readRow(row, { columns, finder, root, manifest: basename(file) }));
  const { images, issues: repeated } = refuseRepeated(
    read.flatMap(({ image }) => (image === undefined ? [] : [image])),
  );
  const eyes =
    columns.group === undefined && options.groupPattern === undefined
      ? pairEyes(images)
      : undefined;
  const place =
    roots.length > 1 && root !== roots[0]
      ? [`The manifest's files are in ${relative(roots[0], root)}/ beside it.`]
      : [];
  return {
    name: datasetName(file),
    images: eyes?.images ?? images,
    labels: [],
    issues: [...shape, ...read.flatMap(({ issues }) => issues), ...repeated],
    notes: [...place, ...found.notes, ...(eyes === undefined ? [] : [eyes.note])],
  };
}

interface Place {
  readonly columns: ManifestColumns;
  readonly finder: FileFinder;
  readonly root: string;
  readonly manifest: string;
}

async function readRow(
  { line, cells }: TableRow,
  { columns, finder, root, manifest }: Place,
): Promise<Row> {
  const where = `${manifest}:${line}`;
  const [name, label] = [cells[columns.file], cells[columns.label]];
  const issues: Issue[] = [];
  const locate = async (path: string, what: string): Promise<string | undefined> => {
    const file = await finder.find(path);
    if (typeof file === 'string') return file;
    issues.push(
      file === undefined
        ? { path: where, message: `${what} "${path}" is not there`, hint: `looked in ${root}` }
        : {
            path: where,
            message: `${what} "${path}" could be any of ${file.map((entry) => basename(entry)).join(', ')}`,
            hint: 'write the whole name',
          },
    );
    return undefined;
  };
  if (name === '')
    issues.push({ path: where, message: 'the file is empty', hint: 'every line names an image' });
  if (label === '')
    issues.push({
      path: where,
      message: `the label of "${name}" is empty`,
      hint: 'give it one, or take the line out',
    });
  const group = columns.group === undefined ? undefined : cells[columns.group];
  if (group === '')
    issues.push({
      path: where,
      message: `the group of "${name}" is empty`,
      hint: 'give it one, so that it is known which images belong together',
    });
  const file = name === '' ? undefined : await locate(name, 'image');
  const maskName = columns.mask === undefined ? '' : cells[columns.mask];
  const mask = maskName === '' ? undefined : await locate(maskName, 'mask');
  if (file === undefined || issues.length > 0) return { issues };
  return {
    issues,
    image: {
      id: toId(root, file),
      file,
      label,
      where: `${where} (${name})`,
      ...(group === undefined ? {} : { group }),
      ...(mask === undefined ? {} : { mask }),
    },
  };
}

/** The lines that name an image for the first time; the others are issues. */
function refuseRepeated(listed: readonly ListedImage[]): {
  images: ListedImage[];
  issues: Issue[];
} {
  const first = new Map<string, ListedImage>();
  const issues = listed.flatMap((image): Issue[] => {
    const before = first.get(image.file);
    if (before === undefined) {
      first.set(image.file, image);
      return [];
    }
    const labels =
      before.label === image.label
        ? `with the same label "${image.label}"`
        : `with labels "${before.label}" and "${image.label}"`;
    return [
      {
        path: image.where,
        message: `the image stands a second time, ${labels}; first in ${before.where.split(' (')[0]}`,
        hint: 'one line an image',
      },
    ];
  });
  return { images: [...first.values()], issues };
}

/** Where images lie beside a manifest, as public data sets are handed out (Kaggle packs some folders twice). */
const IMAGE_FOLDERS = ['images', 'train_images', 'train', 'resized_train', 'resized_train_cropped'];

/** Folders that the manifest's paths may start from, the likeliest first. */
async function findRoots(file: string, images: string | undefined): Promise<string[]> {
  const folder = dirname(resolve(file));
  if (images !== undefined) {
    const root = resolve(folder, images);
    if (!(await isFolder(root)))
      throwIssues([
        {
          path: 'data.images',
          message: `there is no folder "${images}"`,
          hint: `relative to ${folder}`,
        },
      ]);
    return [root];
  }
  const beside = IMAGE_FOLDERS.flatMap((name) => [join(folder, name), join(folder, name, name)]);
  const there = await Promise.all(beside.map(isFolder));
  return [folder, ...beside.filter((_, index) => there[index])];
}

/** The root below which most of the files are; the first of equals. */
async function bestRoot(roots: readonly string[], names: readonly string[]): Promise<string> {
  let best = { root: roots[0], count: -1 };
  for (const root of roots) {
    if (roots.length === 1) break;
    const finder = createFileFinder(root);
    const found = await Promise.all(names.map((name) => finder.find(name)));
    const count = found.filter((file) => file !== undefined).length;
    if (count > best.count) best = { root, count };
  }
  return best.root;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** A file's path below the root; a file elsewhere keeps its whole path. */
function toId(root: string, file: string): string {
  const path = relative(root, file);
  return (path === '..' || path.startsWith(`..${sep}`) ? file : path).split(sep).join('/');
}

/** A manifest called labels.csv is the data set of its folder; one called after a data set names it. */
function datasetName(file: string): string {
  const stem = basename(file, extname(file));
  return /^(labels?|train|data|index|manifest|annotations?)$/i.test(stem)
    ? basename(dirname(resolve(file)))
    : stem;
}
