import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { type LoaderSample, type Split, splitByGroup } from '@nonlocal-med/data';
import {
  describeFindings,
  type NotedDataset,
  type OpenRunDataOptions,
  openRunDataset,
  runSplitOptions,
} from '@nonlocal-med/pipeline';
import type { ExperimentManifest } from '@nonlocal-med/runs';
import { createManifest } from './createManifest.js';
import type { PaperData } from './paper/paperTables.js';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';

/** Number of images in each part of the split of a repeat. */
export interface SplitSize {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** A plan whose data set has been opened and checked. */
export interface PreparedExperiment {
  readonly dataset: NotedDataset;
  readonly manifest: ExperimentManifest;
  /** By repeat. */
  readonly sizes: readonly SplitSize[];
}

/**
 * Checks the input of an experiment before anything is trained: opens all images, and splits them for every repeat.
 * @throws InputError with all issues of the data set, or of the splits.
 */
export async function prepareExperiment(
  plan: ExperimentPlan,
  options: OpenRunDataOptions = {},
): Promise<PreparedExperiment> {
  const [firstRun] = plan.runs;
  const dataset = await openRunDataset(firstRun.config.data, options);
  const splits = splitsOf(
    dataset,
    plan.runs.filter(({ row }) => row === firstRun.row),
  );
  const sizes = splits.map(({ train, validation, test }): SplitSize => ({
    train: train.length,
    validation: validation.length,
    test: test.length,
  }));
  const notes = [...dataset.notes, ...describeFindings(dataset, splits[0])];
  const paper = paperDataOf(dataset.kind);
  return {
    dataset: { ...dataset, notes },
    sizes,
    manifest: createManifest(plan, { name: dataset.name, paper }),
  };
}

function splitsOf(
  { samples, classes }: NotedDataset,
  repeats: readonly PlannedRun[],
): Split<LoaderSample>[] {
  const issues = new Map<string, Issue>(); // without repetition
  const splits = repeats.flatMap(({ config }) => {
    try {
      return [splitByGroup<LoaderSample>(samples, { ...runSplitOptions(config), classes })];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const issue of error.issues) issues.set(JSON.stringify(issue), issue);
      return [];
    }
  });
  throwIssues([...issues.values()]);
  return splits;
}

const paperDataOf = (kind: string): PaperData | null =>
  (({ messidor: 'messidor', 'covid19-radiography': 'covid19' }) as const)[kind] ?? null;
