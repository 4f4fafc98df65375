import { relative } from 'node:path';
import { formatBytes, InputError } from '@nonlocal-med/core';
import { parseSubgroupRules } from '@nonlocal-med/metrics';
import type { WriteReportOptions } from '@nonlocal-med/report/page';
import { readExperimentFolder, withExternalRows } from '@nonlocal-med/runs';
import { type CommandContext, emitJson, resolveUserPath } from '@nonlocal-med/terminal';
import { experimentOf, readOperands, readRows } from '../comparedRows.js';
import { resolveOptionalPath } from '../options.js';
import type { ReportOptions } from '../reportOptions.js';

/** `report`: one HTML page about a run, several runs, or an experiment. */
export function reportCommand(_context: CommandContext) {
  return async (paths: string[], { out, json, by, ...options }: ReportOptions): Promise<void> => {
    const { writeReport } = await import('@nonlocal-med/report/page');
    const base = resolveUserPath('.');
    const written = await writeReport({
      ...(await subjectOf(paths)),
      ...options,
      by: by === undefined ? undefined : parseSubgroupRules(by),
      base,
      file: resolveOptionalPath(out),
    });
    if (json !== undefined) return emitJson(written);
    process.stdout.write(
      `${relative(base, written.file)}: ${formatBytes(written.bytes)}, opens in any browser, also offline\n`,
    );
  };
}

/** One experiment, or one or more runs; predictions made elsewhere may be added to both. */
async function subjectOf(
  paths: readonly string[],
): Promise<Pick<WriteReportOptions, 'experiment' | 'runs'>> {
  const operands = await readOperands(paths);
  const experiment = experimentOf(operands);
  if (experiment !== undefined) {
    const { folders, sources } = experiment;
    if (folders.length > 1)
      throw new InputError({
        path: folders[1],
        message: 'is a second experiment, and a page shows one',
        hint: 'one experiment; compare shows several cross-validations as one table',
      });
    const [folder] = folders;
    return sources.length === 0
      ? { experiment: folder }
      : { experiment: await withExternalRows(await readExperimentFolder(folder), sources) };
  }
  const folders = operands.flatMap((operand) => ('folder' in operand ? [operand.folder] : []));
  return { runs: folders.length === operands.length ? folders : await readRows(operands, {}) };
}
