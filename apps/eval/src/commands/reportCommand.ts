import { relative } from 'node:path';
import { formatBytes, InputError } from '@nonlocal-med/core';
import { parseSubgroupRules } from '@nonlocal-med/metrics';
import { isExperimentFolder } from '@nonlocal-med/runs';
import { type CommandContext, emitJson, resolveUserPath } from '@nonlocal-med/terminal';
import { resolveOptionalPath } from '../options.js';
import type { ReportOptions } from '../reportOptions.js';

/** `report`: one HTML page about a run, several runs, or an experiment. */
export function reportCommand(_context: CommandContext) {
  return async (paths: string[], { out, json, by, ...options }: ReportOptions): Promise<void> => {
    const folders = paths.map((path) => resolveUserPath(path));
    const { writeReport } = await import('@nonlocal-med/report/page');
    const base = resolveUserPath('.');
    const written = await writeReport({
      ...(await subjectOf(paths, folders)),
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

/** One experiment, or one or more runs. */
async function subjectOf(
  paths: readonly string[],
  folders: readonly string[],
): Promise<{ experiment: string } | { runs: readonly string[] }> {
  const experiments = await Promise.all(folders.map(isExperimentFolder));
  if (!experiments.includes(true)) return { runs: folders };
  if (folders.length > 1)
    throw new InputError({
      path: paths[experiments.indexOf(true)],
      message: 'an experiment cannot be combined with other folders',
      hint: 'one experiment, or one or more runs',
    });
  return { experiment: folders[0] };
}
