import { basename, join } from 'node:path';
import type { Issue } from '@nonlocal-med/core';
import { naturalCompare } from '../naturalCompare.js';
import { shortList } from '../shortList.js';
import { annotationBase } from './annotationBase.js';
import { type AnnotationRow, readAnnotation } from './readAnnotation.js';

const isUpdate = (file: string): boolean => /update/i.test(basename(file));

/** Everything that annotation files say, an image once. */
export interface Annotations {
  /** By image key. */
  readonly rows: ReadonlyMap<string, AnnotationRow>;
  /** Base sets with an annotation file: "11". */
  readonly bases: ReadonlySet<string>;
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/**
 * Reads all annotation files. A corrected file (`..._update20161024.xls`) stands above the first one; files of the same
 * standing, and lines of one file, must agree.
 * @param paths relative to the folder
 */
export async function collectAnnotations(
  folder: string,
  paths: readonly string[],
): Promise<Annotations> {
  const rows = new Map<string, AnnotationRow & { readonly update: boolean }>();
  const [issues, corrected]: [Issue[], Set<string>] = [[], new Set()];
  const ordered = [...paths].sort(
    (a, b) => Number(isUpdate(a)) - Number(isUpdate(b)) || naturalCompare(a, b),
  );
  for (const path of ordered) {
    const update = isUpdate(path);
    const read = await readAnnotation(join(folder, path));
    issues.push(...read.issues);
    for (const row of read.rows) {
      const before = rows.get(row.key);
      const agree =
        before === undefined ||
        (before.retinopathy === row.retinopathy && before.edema === row.edema);
      if (!agree && before.update === update) issues.push(conflict(before, row));
      else if (!agree) corrected.add(row.name);
      if (before === undefined || !agree) rows.set(row.key, { ...row, update });
    }
  }
  const notes =
    corrected.size === 0
      ? []
      : [`Update files change ${corrected.size} annotations: ${shortList([...corrected])}.`];
  return {
    rows,
    bases: new Set(paths.flatMap((path) => annotationBase(path) ?? [])),
    issues,
    notes,
  };
}

function conflict(before: AnnotationRow, row: AnnotationRow): Issue {
  const show = ({ retinopathy, edema }: AnnotationRow): string =>
    `retinopathy ${retinopathy}, edema ${edema}`;
  return {
    path: row.where,
    message: `"${row.name}" has ${show(row)}, and ${show(before)} in ${before.where}`,
    hint: 'take the wrong one out',
  };
}
