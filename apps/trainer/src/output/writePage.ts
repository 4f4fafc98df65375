import type { WriteReportOptions } from '@nonlocal-med/report/page';
import { describeFileError, emitJson, resolveUserPath } from '@nonlocal-med/terminal';

/**
 * Writes the report page and prints its path. All results are already on disk, so a page that cannot
 * be written is only a warning; `eval report` can write it later.
 */
export async function writePage(
  options: WriteReportOptions,
  { json }: { readonly json?: true },
): Promise<void> {
  try {
    const { writeReport } = await import('@nonlocal-med/report/page');
    const written = await writeReport({ base: resolveUserPath('.'), ...options });
    if (json !== undefined) emitJson({ type: 'report', ...written });
    else process.stdout.write(`Report: ${written.file}\n`);
  } catch (error) {
    const reason = describeFileError(error) ?? (error as Error).message;
    process.stderr.write(`warning: the report was not written: ${reason}\n`);
  }
}
