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
import { refuseOwnSplits, repeatOptions } from './repeatOptions.js';
import { refuseBaseWeights, withRowWeights } from './rowWeights.js';

/** A row of an experiment with its defaults filled in. */
export type PlannedRow = Omit<ResolvedExperiment['rows'][number], 'title' | 'baseline'> & {
  readonly title: string;
  readonly baseline: string | null;
};

/** One run that an experiment needs. */
export interface PlannedRun {
  readonly row: PlannedRow;
  readonly repeat: number;
  /** Relative to the experiment's folder, with forward slashes. */
  readonly folder: string;
  readonly config: RunConfig;
}

/** Everything that an experiment will do. */
export interface ExperimentPlan extends Pick<ResolvedExperiment, 'caption' | 'notes' | 'repeats'> {
  readonly name: string;
  readonly rows: readonly PlannedRow[];
  /** All rows of the first repeat, then of the second, and so on: a table that is stopped early is a whole one of fewer repeats. */
  readonly runs: readonly PlannedRun[];
  /** The definition with its defaults and the options that it was given: a plan of it alone is this one. */
  readonly definition: ResolvedExperiment;
}

/**
 * The one gate of an experiment: from its definition to a checked configuration for every run.
 * @param definition as from a file or {@link builtinExperiment}
 * @param options go over the definition's `base` and under the options of a row
 * @throws InputError with the issues of the definition and of all rows together.
 */
export function planExperiment(
  definition: ExperimentDefinition,
  options: RawOptions = {},
): ExperimentPlan {
  const parsed = parseOptions(experimentSchema, definition);
  const { rows: given, repeats, weights, ...experiment } = parsed;
  throwIssues(rowIssues(given));
  const rows = given.map((row): PlannedRow => ({
    ...row,
    title: row.title ?? row.key,
    baseline: row.baseline !== undefined ? row.baseline : row === given[0] ? null : given[0].key,
  }));
  const base = mergeOptions(experiment.base, options);
  refuseOwnSplits(base, repeats);
  refuseBaseWeights(base);
  const configOf = (row: PlannedRow, repeat: number): RunConfig => {
    const merged = withRowWeights(mergeOptions(base, row.options), row.options, weights);
    return absolutePaths(
      parseRunConfig(mergeOptions(merged, repeatOptions(repeats, repeat, seedOf(merged)))),
    );
  };
  const trained = rows.filter(({ reproduced }) => reproduced);
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
    name: experiment.name ?? 'experiment',
    caption: experiment.caption,
    notes: experiment.notes,
    repeats,
    rows,
    runs,
    definition: { ...parsed, base },
  };
}

/** A seed that is none is refused with the rest of the configuration. */
const seedOf = ({ seed = 0 }: RawOptions): number => (typeof seed === 'number' ? seed : 0);

/** The first repeat's configuration of every row. An issue that all rows share is said once. */
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
