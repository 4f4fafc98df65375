import { stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { glob, isDynamicPattern } from 'tinyglobby';
import { describeBurnedIn } from '../dataset/dicomListing.js';
import { createFileFinder } from '../dataset/fileFinder.js';
import { findBelow } from '../dataset/findBelow.js';
import { findColumn, missingColumns } from '../dataset/findColumns.js';
import { findImageRoot } from '../dataset/findImageRoot.js';
import { findImages, kindOfFile } from '../dataset/findImages.js';
import { isMaskFolder } from '../dataset/maskFolders.js';
import { naturalCompare } from '../dataset/naturalCompare.js';
import { parseManifest } from '../dataset/readManifest.js';
import { type DicomHeader, readDicomHeader } from '../dicom/dicomHeader.js';
import { countOf, shortList } from '../noteText.js';

/** An image to predict. */
export interface InputImage {
  /** Its name in results: the path as it was given, with forward slashes, or the name in the manifest. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** Which frame of a DICOM file with several, counted from 0. */
  readonly frame?: number;
  /** The patient of a DICOM image (PatientID), if the file tells it. */
  readonly group?: string;
  /** The true class, as a manifest writes it. */
  readonly label?: string;
  /** What a manifest writes in the columns of findings, by their names. */
  readonly findingCells?: Readonly<Record<string, string>>;
  /** Why it cannot be read, if that is known already: a manifest names a file that does not exist. */
  readonly problem?: string;
}

/** The images that some inputs name, each of them once. */
export interface ListedInputs {
  readonly images: readonly InputImage[];
  /** What was left out, and how names were understood, one sentence each. */
  readonly notes: readonly string[];
}

/** How {@link listInputs} reads inputs. */
export interface ListInputsOptions {
  /** Folder that relative paths are relative to. */
  readonly from: string;
  /** Column of the image file in manifests; default: recognized by its name. */
  readonly fileColumn?: string;
  /** Column of the true class in manifests; default: recognized by its name, and not required. */
  readonly labelColumn?: string;
  /** Columns of findings in manifests, which must exist. */
  readonly labelColumns?: readonly string[];
  /**
   * The findings of the model that the images are for. Without `labelColumn` and `labelColumns`, those that a manifest has as
   * columns are read.
   */
  readonly findings?: readonly string[];
}

/**
 * Lists the images that a user names: image files, folders (with all folders below them), glob patterns, and manifests
 * (.csv, .tsv, .xls, .xlsx with a column of image files and, optionally, of labels). The order is that of the inputs, and
 * the natural order of names within a folder or pattern. A file that is named several times is listed once, with a note.
 * Each frame of a DICOM file with several is an image.
 * @throws InputError with every input that does not exist, contains no images or matches nothing, and every manifest whose
 * columns cannot be used
 */
export async function listInputs(
  inputs: readonly string[],
  options: ListInputsOptions,
): Promise<ListedInputs> {
  const lists: ListedInputs[] = [];
  const issues: Issue[] = [];
  for (const input of inputs) {
    try {
      lists.push(await listInput(input, options));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues.push(...error.issues);
    }
  }
  throwIssues(issues);
  const { images, notes } = joinLists(lists);
  const listed = await listFrames(images);
  return { images: listed.images, notes: [...notes, ...listed.notes] };
}

/** Images of which each frame of a DICOM file is one: scan.dcm#1, scan.dcm#2, ...; with the patients of DICOM files. */
async function listFrames(images: readonly InputImage[]): Promise<ListedInputs> {
  const listed: InputImage[] = [];
  const headers: DicomHeader[] = [];
  for (const image of images) {
    const header = image.problem === undefined ? await readDicomHeader(image.file) : undefined;
    if (header !== undefined) headers.push(header);
    const group = header?.attributes.PatientID;
    const known = group === undefined ? image : { ...image, group };
    if (header === undefined || header.frames === 1) listed.push(known);
    else
      for (let frame = 0; frame < header.frames; frame++)
        listed.push({ ...known, id: `${image.id}#${frame + 1}`, frame });
  }
  return { images: listed, notes: describeBurnedIn(headers) };
}

async function listInput(input: string, options: ListInputsOptions): Promise<ListedInputs> {
  const file = resolve(options.from, input);
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) return listFolderImages(input, file);
  if (found === undefined) {
    if (isDynamicPattern(input)) return listMatches(input, options.from);
    throw new InputError({
      path: input,
      message: 'does not exist',
      hint: 'an image, a folder, a pattern such as "scans/*.png", or a CSV or Excel manifest',
    });
  }
  if (isManifest(input)) return readImageList(file, options);
  return { images: [{ id: withSlashes(input), file }], notes: [] };
}

const isManifest = (file: string): boolean => /^\.(csv|tsv|xlsx?)$/i.test(extname(file));
const withSlashes = (path: string): string => path.replaceAll('\\', '/');

/** The images in a folder and below it. Files that are not images by their names are left out with a note. */
async function listFolderImages(input: string, folder: string): Promise<ListedInputs> {
  const { images, unsupported, others, maskFolders, maskFiles } = await findImages(folder);
  const names = [...images, ...unsupported].sort(naturalCompare);
  if (names.length === 0)
    throw new InputError({
      path: input,
      message: `contains no images${others.length === 0 ? '' : `, only ${countOf(others.length, 'other file')}: ${shortList(others)}`}`,
      hint: 'a folder with DICOM, JPEG, PNG, TIFF or WebP files, at any depth',
    });
  const masks = [...maskFolders.map((name) => `${name}/`), ...maskFiles];
  const notes = [
    masks.length > 0 && `${input}: lesion masks are left out: ${shortList(masks)}.`,
    others.length > 0 &&
      `${input}: ${countOf(others.length, 'file')} that ${others.length === 1 ? 'is not an image' : 'are not images'} by name left out: ${shortList(others)}.`,
  ].filter((note) => note !== false);
  const prefix = withSlashes(input).replace(/\/*$/, '');
  return {
    images: names.map((name) => ({
      id: prefix === '.' ? name : `${prefix}/${name}`,
      file: join(folder, name),
    })),
    notes,
  };
}

/** The files that match a pattern, and the images in folders that match it. */
async function listMatches(pattern: string, from: string): Promise<ListedInputs> {
  const matches = await glob(process.platform === 'win32' ? withSlashes(pattern) : pattern, {
    cwd: from,
    onlyFiles: false,
    expandDirectories: false,
    absolute: isAbsolute(pattern), // an id is a path as it is given
  });
  const lists: ListedInputs[] = [];
  const others: string[] = [];
  const folders = matches.filter((match) => match.endsWith('/')).map((match) => basename(match));
  for (const match of matches.sort(naturalCompare)) {
    const file = resolve(from, match);
    if (match.endsWith('/')) {
      if (!isListed(match, matches) && !isMaskFolder(basename(match), folders))
        lists.push(await listFolderImages(match, file));
    } else if ((await kindOfFile(file)) === 'other') others.push(match);
    else lists.push({ images: [{ id: match, file }], notes: [] });
  }
  const images = lists.flatMap((list) => list.images);
  if (images.length === 0)
    throw new InputError({
      path: pattern,
      message:
        matches.length === 0
          ? 'matches no file'
          : `matches no image, only ${countOf(others.length, 'other file')}: ${shortList(others)}`,
      hint: '* for any name, ** for any folders, as in "scans/**/*.png"',
    });
  const note = `${pattern}: ${countOf(others.length, 'file')} that ${others.length === 1 ? 'is not an image' : 'are not images'} by name left out: ${shortList(others)}.`;
  return {
    images,
    notes: [...lists.flatMap(({ notes }) => notes), ...(others.length === 0 ? [] : [note])],
  };
}

/**
 * Reads the images of a manifest that are to be predicted. Unlike in a data set, labels are optional, in single rows too,
 * and a file that does not exist is an image with a problem.
 * @throws InputError if the table cannot be read, its columns cannot be used, or rows do not name an image
 */
async function readImageList(
  file: string,
  { fileColumn, labelColumn, labelColumns, findings = [] }: Omit<ListInputsOptions, 'from'>,
): Promise<ListedInputs> {
  const manifest = basename(file);
  const { columns, rows, issues: lengthIssues, notes } = await parseManifest(file);
  const issues: Issue[] = [...lengthIssues];
  const columnOf = (role: 'file' | 'label', given: string | undefined): number | undefined => {
    const path = `${manifest}:1`;
    const found = findColumn(columns, { role, given, required: role === 'file', path });
    if ('issue' in found) issues.push(found.issue);
    return 'issue' in found ? undefined : found.index;
  };
  const ofFindings =
    labelColumns ??
    (labelColumn === undefined ? findings.filter((name) => columns.includes(name)) : []);
  issues.push(...missingColumns(ofFindings, columns, `${manifest}:1`));
  const fileIndex = columnOf('file', fileColumn);
  const labelIndex = ofFindings.length > 0 ? undefined : columnOf('label', labelColumn);
  throwIssues(issues);
  const names = rows.map(({ cells }) => cells[fileIndex!]);
  throwIssues(
    rows
      .filter((_, index) => names[index] === '')
      .map(({ line }) => ({ path: `${manifest}:${line}`, message: 'no image file is given' })),
  );
  const { root, note } = await findImageRoot(file, { names });
  const finder = findBelow(createFileFinder(root), root);
  const images: InputImage[] = [];
  for (const [index, { cells }] of rows.entries()) {
    const id = names[index];
    const label = labelIndex === undefined ? '' : cells[labelIndex];
    const found = await finder.find(id);
    const problem =
      found === undefined
        ? `does not exist (searched in ${root})`
        : typeof found === 'string'
          ? undefined
          : `is ambiguous: ${found.join(', ')}`;
    images.push({
      id,
      file: typeof found === 'string' ? found : resolve(root, id),
      ...(label === '' ? {} : { label }),
      ...(ofFindings.length === 0
        ? {}
        : {
            findingCells: Object.fromEntries(
              ofFindings.map((name) => [name, cells[columns.indexOf(name)]]),
            ),
          }),
      ...(problem === undefined ? {} : { problem }),
    });
  }
  return { images, notes: [...notes, ...(note === undefined ? [] : [note]), ...finder.notes()] };
}

/** Whether a pattern matches files in a folder, too, so that the folder says nothing new. */
const isListed = (folder: string, matches: readonly string[]): boolean =>
  matches.some((match) => match !== folder && match.startsWith(folder));

/** The images of all lists, each once: at its first place, with the label of any of them. */
function joinLists(lists: readonly ListedInputs[]): ListedInputs {
  const byFile = new Map<string, InputImage>();
  const repeated: string[] = [];
  const issues: Issue[] = [];
  for (const image of lists.flatMap(({ images }) => images)) {
    const { id, file, label, findingCells } = image;
    const first = byFile.get(file);
    if (first === undefined) {
      byFile.set(file, image);
      continue;
    }
    repeated.push(id);
    if (first.findingCells === undefined && findingCells !== undefined)
      byFile.set(file, { ...first, findingCells });
    else if (
      findingCells !== undefined &&
      JSON.stringify(findingCells) !== JSON.stringify(first.findingCells)
    )
      issues.push({
        path: id,
        message: 'has different findings in two manifests, or in two lines of one',
        hint: 'one line per image',
      });
    if (first.label === undefined) {
      if (label !== undefined) byFile.set(file, { ...byFile.get(file)!, label });
    } else if (label !== undefined && label !== first.label)
      issues.push({
        path: id,
        message: `has two labels, "${first.label}" and "${label}"`,
        hint: 'one label per image',
      });
  }
  throwIssues(issues);
  const note = `${countOf(repeated.length, 'image')} named more than once, predicted once: ${shortList(repeated)}.`;
  return {
    images: withUniqueIds([...byFile.values()]),
    notes: [...lists.flatMap(({ notes }) => notes), ...(repeated.length === 0 ? [] : [note])],
  };
}

/** Images with the same name, as a manifest and a path can give, are called by their whole path. */
function withUniqueIds(images: readonly InputImage[]): InputImage[] {
  const counts = new Map<string, number>();
  for (const { id } of images) counts.set(id, (counts.get(id) ?? 0) + 1);
  return images.map((image) =>
    counts.get(image.id) === 1 ? image : { ...image, id: withSlashes(image.file) },
  );
}
