import { dirname, join, resolve } from 'node:path';
import { commonFolder, writeAtomic } from '@nonlocal-med/core/node';
import { experimentFiles, runFiles } from '@nonlocal-med/runs';
import { pathOf } from './openSubject.js';
import { reportPage, type ReportPageOptions } from './reportPage.js';

/** What a page shows, and where it is written. */
export interface WriteReportOptions extends ReportPageOptions {
  /**
   * Default: `report.html` in the folder of the experiment or of the only run; `comparison.html` in the deepest folder
   * that several runs share.
   */
  readonly file?: string;
}

/** A page on disk. */
export interface ReportFile {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Writes {@link reportPage} to a file; the write is atomic.
 * @throws InputError like {@link reportPage}.
 * @example
 * ```ts no-run
 * import { writeReport } from '@nonlocal-med/report/page';
 *
 * const { file } = await writeReport({ runs: ['runs/baseline', 'runs/method'] });
 * console.log(file); // runs/comparison.html
 * ```
 */
export async function writeReport({ file, ...options }: WriteReportOptions): Promise<ReportFile> {
  const path = file ?? defaultFile(options);
  const page = await reportPage(options);
  await writeAtomic(path, page);
  return { file: path, bytes: Buffer.byteLength(page) };
}

function defaultFile({ experiment, runs = [] }: ReportPageOptions): string {
  if (experiment !== undefined) return join(pathOf(experiment), experimentFiles.report);
  const trained = runs.filter((run) => typeof run === 'string' || run.system === undefined);
  if (runs.length === 1 && trained.length === 1) return join(pathOf(runs[0]), runFiles.report);
  const folders =
    trained.length > 0 ? trained.map(pathOf) : runs.map((run) => dirname(pathOf(run)));
  return join(
    commonFolder((folders.length === 0 ? ['.'] : folders).map((folder) => resolve(folder))),
    'comparison.html',
  );
}
