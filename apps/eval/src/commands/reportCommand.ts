import { relative } from 'node:path';
import { formatBytes, InputError } from '@nonlocal-med/core';
import { isExperimentFolder } from '@nonlocal-med/runs';
import {
  type CommandContext,
  emitJson,
  integerFrom,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { resolveOptionalPath, weightsOption } from '../options.js';

/** Parsed command-line options. */
interface Options {
  readonly out?: string;
  readonly weights?: 'selected' | 'last';
  readonly images: number;
  readonly json?: true;
}

/** `report`: one HTML page about a run, several runs, or an experiment. */
export function reportCommand(_context: CommandContext): Command {
  return new Command('report')
    .description(
      'Write one self-contained HTML page: results, curves, calibration, disagreements, test images, and how to reproduce them.',
    )
    .argument(
      '<run-or-experiment...>',
      'folders of tested runs, the baseline first, or the folder of an experiment',
    )
    .option(
      '--out <file>',
      'file to write; default: report.html in the folder of the run or experiment, or comparison.html in the common folder of several runs',
    )
    .addOption(weightsOption('selected if there is a validation set'))
    .option(
      '--images <count>',
      'maximum number of images in the gallery, which `explain` provides',
      integerFrom(0),
      200,
    )
    .option('--json', 'print JSON')
    .action(async (paths: string[], { out, json, ...options }: Options) => {
      const folders = paths.map((path) => resolveUserPath(path));
      const { writeReport } = await import('@nonlocal-med/report/page');
      const base = resolveUserPath('.');
      const written = await writeReport({
        ...(await subjectOf(paths, folders)),
        ...options,
        base,
        file: resolveOptionalPath(out),
      });
      if (json !== undefined) return emitJson(written);
      process.stdout.write(
        `${relative(base, written.file)}: ${formatBytes(written.bytes)}, opens in any browser, also offline\n`,
      );
    });
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
