import { type Issue, throwIssues } from '@nonlocal-med/core';
import { explainRun, type ImageChoice, type RunExplanation } from '@nonlocal-med/pipeline';
import type { WeightsChoice } from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatTable,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import { explanationTable } from '../explanationTable.js';
import { splitList } from '../options/splitList.js';

interface Options {
  readonly data?: string;
  readonly labelColumn?: string;
  readonly maskColumn?: string;
  readonly masks?: string;
  readonly layers?: string;
  readonly classes?: string;
  readonly images?: string;
  readonly curves?: true;
  readonly step?: string;
  readonly attentionAt?: string;
  readonly tolerance?: string;
  readonly weights?: WeightsChoice;
  readonly engine?: 'auto' | 'native' | 'wasm';
  readonly out?: string;
  readonly json?: true;
}

/** `explain`: where a run looked on its test images, and whether lesions are there. */
export function explainCommand({ signal }: CommandContext): Command {
  return new Command('explain')
    .description(
      "Grad-CAM maps and overlays of a run's test images; scores against lesion masks where there are any.",
    )
    .argument('<run>', 'folder of a trained run')
    .option(
      '--layers <name,...>',
      'layers to look at; default: the last map, e4 and nam, as far as the model has them',
    )
    .option(
      '--classes <name,...>',
      'classes to explain: predicted, true, all, or names (default: predicted)',
    )
    .option(
      '--images <number|all|id,...>',
      'how many, in proportion to the classes, or which (default: 40)',
    )
    .option('--curves', 'deletion and insertion curves too: some hundred passes a map')
    .option(
      '--step <pixels>',
      'pixels changed a step of the curves; default: a fiftieth of the image',
    )
    .option(
      '--attention-at <x,y>',
      "where this pixel of the model's input looks, in the non-local attention",
    )
    .option(
      '--tolerance <pixels>',
      'pointing game: how far beside a lesion a hit may lie (default: 0)',
    )
    .option(
      '--data <path>',
      "images of another data set with the run's classes, instead of its test images",
    )
    .option('--label-column <name>', 'CSV of --data: the column of the class')
    .option('--mask-column <name>', 'CSV of --data: the column of the lesion mask')
    .option(
      '--masks <folder>',
      'lesion masks, named after their images, where the data set names none',
    )
    .option(
      '--out <folder>',
      "where the explanations go; default: explanations in the run's folder",
    )
    .addOption(
      new Option('--weights <selected|last>', "the run's chosen epoch or its last").choices([
        'selected',
        'last',
      ]),
    )
    .addOption(
      new Option(
        '--engine <auto|native|wasm>',
        "where the numbers run; default: the run's own engine",
      ).choices(['auto', 'native', 'wasm']),
    )
    .option('--json', 'print JSON')
    .action(async (place: string, options: Options) => {
      const numbers = readNumbers(options);
      const display = createProgressDisplay();
      const { weights, engine, json } = options;
      const explanation = await explainRun({
        folder: resolveUserPath(place),
        weights,
        engine,
        signal,
        onNote: display.line,
        onImages: display.stage,
        layers: splitList(options.layers),
        classes: splitList(options.classes),
        masks: optionalPath(options.masks),
        out: optionalPath(options.out),
        ...(options.data === undefined
          ? {}
          : {
              data: {
                path: resolveUserPath(options.data),
                labelColumn: options.labelColumn,
                maskColumn: options.maskColumn,
              },
            }),
        ...numbers,
      });
      if (json !== undefined)
        return emitJson({
          folder: explanation.folder,
          images: explanation.index.images.length,
          weights: explanation.index.weights,
          layers: explanation.summary,
        });
      show(explanation);
    });
}

function show({ folder, index, summary }: RunExplanation): void {
  const { columns, rows } = explanationTable(summary);
  const { withLesions } = summary[0];
  const lesions = withLesions === 0 ? 'none with a lesion mask' : `${withLesions} with lesions`;
  const table =
    rows.length === 0 ? '' : `; means with 95 % intervals\n${formatTable(columns, rows)}\n`;
  const zero = summary
    .filter(({ zeroMaps }) => zeroMaps > 0)
    .map(
      ({ layer, zeroMaps }) =>
        `At ${layer}, ${zeroMaps} of ${withLesions} maps are zero everywhere: nothing there speaks for the class.\n`,
    )
    .join('');
  process.stdout.write(
    `${index.images.length} images, ${lesions}; ${index.weights} weights${table}${zero}\nOverlays: ${folder}\n`,
  );
}

/** Options that are text on the command line and numbers behind it; all issues together. */
function readNumbers({
  images,
  curves,
  step,
  attentionAt,
  tolerance,
  data,
  labelColumn,
  maskColumn,
}: Options): {
  images?: ImageChoice;
  curves?: { step?: number };
  attentionAt?: { x: number; y: number };
  tolerance?: number;
} {
  const issues: Issue[] = [];
  const number = (where: string, text: string | undefined, allowed: string): number | undefined => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !(value >= 0))
      issues.push({ path: where, message: `got "${text}"`, hint: allowed });
    return value;
  };
  const steps = number('--step', step, 'a whole number of pixels');
  const within = number('--tolerance', tolerance, 'a number of pixels');
  const at = attentionAt?.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (at !== undefined && (at.length !== 2 || at.some((value) => !Number.isFinite(value))))
    issues.push({
      path: '--attention-at',
      message: `got "${attentionAt}"`,
      hint: 'two numbers, such as 40,25: pixels from the left and from the top',
    });
  if (step !== undefined && curves === undefined)
    issues.push({
      path: '--step',
      message: `got "${step}" without --curves`,
      hint: 'with --curves',
    });
  for (const [flag, value] of Object.entries({
    '--label-column': labelColumn,
    '--mask-column': maskColumn,
  })) {
    if (value !== undefined && data === undefined)
      issues.push({
        path: flag,
        message: `got "${value}", which is not used here`,
        hint: 'with --data',
      });
  }
  if (
    images !== undefined &&
    /^\s*[+-]?\d*\.?\d+\s*$/.test(images) &&
    !/^[1-9]\d*$/.test(images.trim())
  )
    issues.push({
      path: '--images',
      message: `got "${images}"`,
      hint: 'a whole number from 1, all, or ids with commas between them',
    });
  throwIssues(issues);
  return {
    images: imageChoice(images),
    ...(curves === undefined ? {} : { curves: { step: steps } }),
    ...(at === undefined ? {} : { attentionAt: { x: at[0], y: at[1] } }),
    tolerance: within,
  };
}

function imageChoice(text: string | undefined): ImageChoice | undefined {
  if (text === undefined || text === 'all') return text;
  return /^\d+$/.test(text.trim()) ? Number(text) : splitList(text);
}

const optionalPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : resolveUserPath(path);
