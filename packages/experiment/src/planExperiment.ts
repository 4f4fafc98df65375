import { InputError, type Issue, parseOptions, throwIssues } from '@nonlocal-med/core';
import {
  absolutePaths,
  mergeOptions,
  parseRunConfig,
  type RawOptions,
  type RunConfig,
} from '@nonlocal-med/pipeline';
import {
  type ExperimentDefinition,
  experimentSchema,
  type ResolvedExperiment,
  rowIssues,
} from './experimentSchema.js';
import { refuseUnfitOptions, repeatOptions } from './repeatOptions.js';
import { refuseBaseWeights, withRowWeights } from './rowWeights.js';

/** A row of an experiment with its defaults filled in. */
export type PlannedRow = Omit<ResolvedExperiment['rows'][number], 'title' | 'baseline'> & {
  readonly title: string;
  readonly baseline: string | null;
};

/** One run of an experiment. */
export interface PlannedRun {
  readonly row: PlannedRow;
  /** Index of the repeat, from 0. */
  readonly repeat: number;
  /** Relative to the folder of the experiment, with forward slashes. */
  readonly folder: string;
  readonly config: RunConfig;
}

/** Everything that an experiment will do. */
export interface ExperimentPlan extends Pick<
  ResolvedExperiment,
  'caption' | 'notes' | 'repeats' | 'ensembles'
> {
  readonly name: string;
  readonly rows: readonly PlannedRow[];
  /** Ordered by repeat, so that an experiment that is stopped early is a complete table of fewer repeats. */
  readonly runs: readonly PlannedRun[];
  /** The definition with defaults and given options filled in; planning it again yields this plan. */
  readonly definition: ResolvedExperiment;
}

/**
 * Plans an experiment: turns its definition into a checked configuration for every run.
 * @param definition from a file or {@link builtinExperiment}
 * @param options override the `base` of the definition; options of a row override both
 * @throws InputError with the issues of the definition and of all rows.
 * @example
 * ```ts
 * import { builtinExperiment, planExperiment } from '@nonlocal-med/experiment';
 *
 * const plan = planExperiment(builtinExperiment('table3'), { data: { path: 'messidor' } });
 * console.log(plan.runs.length); // 20
 * console.log(plan.runs[0].folder, plan.runs[0].config.model.namAt); // runs/encoder1/repeat-1 e1
 * ```
 */
export function planExperiment(
  definition: ExperimentDefinition,
  options: RawOptions = {},
): ExperimentPlan {
  const resolved = parseOptions(experimentSchema, definition);
  const { name = 'experiment', caption, notes, repeats, ensembles, weights } = resolved;
  throwIssues(rowIssues(resolved.rows));
  const rows = resolved.rows.map((row, index): PlannedRow => ({
    ...row,
    title: row.title ?? row.key,
    baseline: row.baseline !== undefined ? row.baseline : index === 0 ? null : resolved.rows[0].key,
  }));
  // Tables keep the paper's augmentation on every data set, and say so in experiment.yaml.
  // Runs explain nothing by themselves: the command explains the same images with every row (explainExperiment).
  const base = mergeOptions(
    { augmentation: 'fundus', explanations: { images: 0 } },
    resolved.base,
    options,
  );
  refuseUnfitOptions(base, resolved);
  refuseBaseWeights(base);
  const configOf = (row: PlannedRow, repeat: number): RunConfig => {
    const merged = withRowWeights(mergeOptions(base, row.options), row.options, weights);
    const repeated = repeatOptions(repeats, repeat, merged);
    return absolutePaths(parseRunConfig(mergeOptions(merged, repeated)));
  };
  const trained = rows.filter(
    ({ reproduced, predictions }) => reproduced && predictions === undefined,
  );
  const first = parseRows(trained, (row) => configOf(row, 0));
  const runs = Array.from({ length: repeats.count }, (_, repeat) =>
    trained.map((row): PlannedRun => ({
      row,
      repeat,
      folder: `runs/${row.key}/repeat-${repeat + 1}`,
      config: repeat === 0 ? first.get(row.key)! : configOf(row, repeat),
    })),
  ).flat();
  return {
    name,
    caption,
    notes,
    repeats,
    ensembles,
    rows,
    runs,
    definition: { ...resolved, base },
  };
}

/** The configuration of every row in the first repeat. Issues that all rows share are reported once. */
function parseRows(
  rows: readonly PlannedRow[],
  configOf: (row: PlannedRow) => RunConfig,
): Map<string, RunConfig> {
  const configs = new Map<string, RunConfig>();
  const issues = new Map<string, { issue: Issue; keys: string[] }>();
  for (const row of rows) {
    try {
      configs.set(row.key, configOf(row));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const issue of error.issues) {
        const id = JSON.stringify(issue);
        issues.set(id, { issue, keys: [...(issues.get(id)?.keys ?? []), row.key] });
      }
    }
  }
  throwIssues(
    [...issues.values()].map(({ issue, keys }) =>
      keys.length === rows.length ? issue : { ...issue, path: `${keys.join(', ')}: ${issue.path}` },
    ),
  );
  return configs;
}
