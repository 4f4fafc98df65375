import { dirname, join, resolve, sep } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { experimentFiles, runFiles } from '@nonlocal-med/runs';
import { reportPage, type ReportPageOptions } from './reportPage.js';

/** What a page is made of, and where it goes. */
export interface WriteReportOptions extends ReportPageOptions {
  /** Default: `report.html` in the folder of the experiment or of the only run; `comparison.html` in the deepest that several runs share. */
  readonly file?: string;
}

/** A page on disk. */
export interface ReportFile {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Writes a page; the file appears whole or not at all.
 * @throws InputError as {@link reportPage}.
 */
export async function writeReport({ file, ...options }: WriteReportOptions): Promise<ReportFile> {
  const place = file ?? defaultFile(options);
  const page = await reportPage(options);
  await writeAtomic(place, page);
  return { file: place, bytes: Buffer.byteLength(page) };
}

function defaultFile({ experiment, runs = [] }: ReportPageOptions): string {
  if (experiment !== undefined) return join(experiment, experimentFiles.report);
  if (runs.length === 1) return join(runs[0], runFiles.report);
  return join(commonFolder(runs.map((run) => resolve(run))), 'comparison.html');
}

/** The deepest folder that all are in. */
function commonFolder([first = '.', ...others]: readonly string[]): string {
  const inside = (folder: string): boolean =>
    others.every(
      (other) => other === folder || other.startsWith(folder.endsWith(sep) ? folder : folder + sep),
    );
  let folder = first;
  while (!inside(folder)) folder = dirname(folder);
  return folder;
}
