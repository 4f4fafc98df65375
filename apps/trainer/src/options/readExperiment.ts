import { basename, extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import {
  builtinExperiment,
  type ExperimentDefinition,
  type ExperimentPlan,
  planExperiment,
  syntheticBase,
} from '@nonlocal-med/experiment';
import { mergeOptions, type RawOptions } from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import {
  readGivenOptions,
  readYaml,
  type TrainingOptions,
  withAbsolutePaths,
} from './readOptions.js';

/** What commander reads of an experiment's own options. */
export type ExperimentOptions = TrainingOptions & {
  readonly weights?: readonly string[];
  readonly repeats?: number;
  readonly protocol?: 'splits' | 'seeds' | 'folds';
  readonly folds?: number;
};

/**
 * The plan of an experiment: its definition by name or from a file, under what the user gave. Without a data set it is
 * made on the embedded images.
 * @throws InputError with all issues together.
 */
export async function readExperimentPlan(
  name: string,
  { weights: rowWeights, ...options }: ExperimentOptions,
): Promise<ExperimentPlan> {
  const own = /\.ya?ml$/i.test(name);
  const definition = own ? await readDefinition(resolveUserPath(name)) : builtinExperiment(name);
  const given = await readGivenOptions(options);
  const embedded = isEmbedded(mergeOptions(definition.base ?? {}, given));
  const base = embedded ? mergeOptions(syntheticBase, definition.base ?? {}) : definition.base;
  const embeddedWeights = embedded && !own ? { weights: 'none' as const } : {};
  const weights = rowWeights === undefined ? embeddedWeights : { weights: readWeights(rowWeights) };
  const repeats = {
    ...definition.repeats,
    ...(options.protocol === undefined ? {} : { kind: options.protocol }),
    ...(options.repeats === undefined ? {} : { count: options.repeats }),
    ...(options.folds === undefined ? {} : { folds: options.folds }),
  };
  return planExperiment({ ...definition, base, ...weights, repeats }, given);
}

/** Whether no data set of the user's is named. */
function isEmbedded({ data }: RawOptions): boolean {
  const { path, kind = 'tiny-lesions' } = (data ?? {}) as RawOptions;
  return path === undefined && kind === 'tiny-lesions';
}

async function readDefinition(file: string): Promise<ExperimentDefinition> {
  const {
    base = {},
    weights,
    rows,
    ...definition
  } = (await readYaml(
    file,
    'a YAML file with the rows of a table, as in docs/experiments.md',
  )) as unknown as ExperimentDefinition & { base?: RawOptions };
  const absoluteWeights =
    typeof weights === 'object' && weights !== null
      ? Object.fromEntries(
          Object.entries(weights).map(([backbone, path]) => [
            backbone,
            typeof path === 'string' ? resolveUserPath(path) : path,
          ]),
        )
      : weights;
  return {
    name: basename(file, extname(file)),
    base: withAbsolutePaths(base),
    ...(weights === undefined ? {} : { weights: absoluteWeights }),
    rows: Array.isArray(rows) ? rows.map(withOwnPaths) : rows,
    ...definition,
  };
}

/** A row whose weights start from where the user stands; what is no row is refused later. */
function withOwnPaths(
  row: ExperimentDefinition['rows'][number],
): ExperimentDefinition['rows'][number] {
  const options: unknown = (row as Partial<typeof row> | null)?.options;
  return typeof options === 'object' && options !== null
    ? { ...row, options: withAbsolutePaths(options as RawOptions) }
    : row;
}

function readWeights(given: readonly string[]): ExperimentDefinition['weights'] {
  const [only] = given;
  if (given.length === 1 && (only === 'imagenet' || only === 'none')) return only;
  const issues = given.filter((text) => !/^[^=]+=.+$/.test(text));
  if (issues.length > 0)
    throw new InputError(
      issues.map((text) => ({
        path: '--weights',
        message: `got "${text}"`,
        hint: '"imagenet", "none", or BACKBONE=FILE for each backbone',
      })),
    );
  return Object.fromEntries(
    given.map((text) => [
      text.slice(0, text.indexOf('=')),
      resolveUserPath(text.slice(text.indexOf('=') + 1)),
    ]),
  );
}
