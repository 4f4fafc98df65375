import { relative } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { isExperimentFolder } from '@nonlocal-med/runs';
import {
  type CommandContext,
  emitJson,
  formatBytes,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, InvalidArgumentError, Option } from 'commander';

interface Options {
  readonly out?: string;
  readonly weights?: 'selected' | 'last';
  readonly images: number;
  readonly json?: true;
}

/** `report`: one HTML page on a run, several runs, or an experiment. */
export function reportCommand(_context: CommandContext): Command {
  return new Command('report')
    .description(
      'Write one self-contained HTML page: results, curves, calibration, disagreements, test images, how to repeat it.',
    )
    .argument(
      '<run-or-experiment...>',
      'folders of tested runs, the first one the baseline; or the folder of an experiment',
    )
    .option(
      '--out <file>',
      'default: report.html in the folder of the run or experiment; comparison.html in the one that several runs share',
    )
    .addOption(
      new Option(
        '--weights <selected|last>',
        'what the page shows first; default: selected where there is a validation side',
      ).choices(['selected', 'last']),
    )
    .option(
      '--images <count>',
      'most images in the gallery, 0 for none; needs what `explain` writes',
      readImages,
      200,
    )
    .option('--json', 'print JSON')
    .action(async (places: string[], { out, json, ...options }: Options) => {
      const folders = places.map((place) => resolveUserPath(place));
      const { writeReport } = await import('@nonlocal-med/report/page');
      const base = resolveUserPath('.');
      const written = await writeReport({
        ...(await subjectOf(places, folders)),
        ...options,
        base,
        ...(out === undefined ? {} : { file: resolveUserPath(out) }),
      });
      if (json !== undefined) return emitJson(written);
      process.stdout.write(
        `${relative(base, written.file)}: ${formatBytes(written.bytes)}, opens in any browser without a network\n`,
      );
    });
}

/** An experiment stands alone; runs may be several. */
async function subjectOf(
  places: readonly string[],
  folders: readonly string[],
): Promise<{ experiment: string } | { runs: readonly string[] }> {
  const experiments = await Promise.all(folders.map(isExperimentFolder));
  if (!experiments.includes(true)) return { runs: folders };
  if (folders.length > 1)
    throw new InputError({
      path: places[experiments.indexOf(true)],
      message: 'is an experiment, and stands beside other folders',
      hint: 'one experiment, or one or several runs',
    });
  return { experiment: folders[0] };
}

function readImages(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || text.trim() === '')
    throw new InvalidArgumentError('A whole number from 0 on.');
  return count;
}
