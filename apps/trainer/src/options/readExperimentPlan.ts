import { basename, extname } from 'node:path';
import { InputError, throwIssues, unknownName } from '@nonlocal-med/core';
import {
  builtinExperiment,
  type ExperimentDefinition,
  type ExperimentPlan,
  planExperiment,
  type PlannedRun,
} from '@nonlocal-med/experiment';
import {
  mergeOptions,
  type RawOptions,
  readYaml,
  resolveOptionPaths,
  revealPaths,
  syntheticBase,
} from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { readGivenOptions, requireKnownData, type TrainingOptions } from './readOptions.js';

/** Parsed command-line options that define an experiment. */
export type ExperimentOptions = TrainingOptions & {
  readonly weights?: readonly string[];
  readonly repeats?: number;
  readonly protocol?: 'splits' | 'seeds' | 'folds' | 'images';
  readonly folds?: number;
};

/**
 * Plans an experiment from its definition, which is built in or in a YAML file, and the user's options,
 * which take precedence. Without a data set it uses the built-in synthetic images.
 * @throws InputError with all issues together.
 */
export async function readExperimentPlan(
  name: string,
  { weights: rowWeights, ...options }: ExperimentOptions,
): Promise<ExperimentPlan> {
  const isFile = /\.ya?ml$/i.test(name);
  const definition = isFile ? await readDefinition(resolveUserPath(name)) : builtinExperiment(name);
  const given = await readGivenOptions(options);
  const merged = mergeOptions(definition.base ?? {}, given);
  requireKnownData(merged, { file: name });
  const synthetic = usesSyntheticImages(merged);
  const base = synthetic ? mergeOptions(syntheticBase, definition.base ?? {}) : definition.base;
  const defaultWeights = synthetic && !isFile ? 'none' : definition.weights;
  const weights = rowWeights === undefined ? defaultWeights : parseWeights(rowWeights);
  const repeats = {
    ...definition.repeats,
    ...(options.protocol === undefined ? {} : { kind: options.protocol }),
    ...(options.repeats === undefined ? {} : { count: options.repeats }),
    ...(options.folds === undefined ? {} : { folds: options.folds }),
  };
  return planExperiment({ ...definition, base, weights, repeats }, given);
}

/** Whether no data set is given. */
function usesSyntheticImages({ data }: RawOptions): boolean {
  const { path, kind = 'tiny-lesions' } = (data ?? {}) as RawOptions;
  return path === undefined && kind === 'tiny-lesions';
}

async function readDefinition(file: string): Promise<ExperimentDefinition> {
  const {
    base = {},
    weights,
    rows,
    ...definition
  } = revealPaths(
    await readYaml(file, 'a YAML file with the rows of a table, as in docs/experiments.md'),
  ) as unknown as ExperimentDefinition & { base?: RawOptions };
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
    base: resolveOptionPaths(base, resolveUserPath),
    weights: absoluteWeights,
    rows: Array.isArray(rows) ? rows.map(withRowPaths) : rows,
    ...definition,
  };
}

/** Resolves the paths in a row's options. Values that are not rows are rejected later. */
function withRowPaths(
  row: ExperimentDefinition['rows'][number],
): ExperimentDefinition['rows'][number] {
  const { options, predictions } = (row ?? {}) as { options?: unknown; predictions?: unknown };
  const files = [predictions].flat();
  if (files.every((file) => typeof file === 'string'))
    return { ...row, predictions: files.map((file) => resolveUserPath(file)) };
  return typeof options === 'object' && options !== null
    ? { ...row, options: resolveOptionPaths(options as RawOptions, resolveUserPath) }
    : row;
}

function parseWeights(given: readonly string[]): ExperimentDefinition['weights'] {
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

/**
 * Selects the runs of some rows of an experiment; without `keys`, all runs.
 * @throws InputError for an unknown row.
 */
export function selectRuns(
  { rows, runs }: ExperimentPlan,
  keys: readonly string[] | undefined,
): readonly PlannedRun[] {
  if (keys === undefined) return runs;
  const known = rows.filter(({ reproduced }) => reproduced).map(({ key }) => key);
  throwIssues(
    keys
      .filter((key) => !known.includes(key))
      .map((name) => unknownName({ path: '--rows', kind: 'row', name, known })),
  );
  return runs.filter(({ row }) => keys.includes(row.key));
}
