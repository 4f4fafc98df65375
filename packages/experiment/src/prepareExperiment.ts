import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { type LoaderSample, splitByGroup } from '@nonlocal-med/data';
import {
  type NotedDataset,
  type OpenRunDataOptions,
  openRunDataset,
  runSplitOptions,
} from '@nonlocal-med/pipeline';
import type { ExperimentManifest } from '@nonlocal-med/runs';
import { experimentManifest } from './experimentManifest.js';
import type { PaperData } from './paper/paperTables.js';
import type { ExperimentPlan } from './planExperiment.js';

/** Images on each side of a repeat's split. */
export interface RepeatSize {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** A plan whose data set is open and whose input has been found in order. */
export interface PreparedExperiment {
  readonly dataset: NotedDataset;
  readonly manifest: ExperimentManifest;
  /** By repeat. */
  readonly sizes: readonly RepeatSize[];
}

/**
 * Finds what is wrong with an experiment's input before anything costly begins: opens and checks the images, divides
 * them for every repeat.
 * @throws InputError with all issues of the data set, or of the splits.
 */
export async function prepareExperiment(
  plan: ExperimentPlan,
  options: OpenRunDataOptions = {},
): Promise<PreparedExperiment> {
  const [{ config }] = plan.runs;
  const dataset = await openRunDataset(config.data, options);
  const first = plan.runs.filter(({ row }) => row === plan.runs[0].row);
  const issues: Issue[] = [];
  const sizes = first.map((run): RepeatSize => {
    try {
      const { train, validation, test } = splitByGroup<LoaderSample>(dataset.samples, {
        ...runSplitOptions(run.config),
        classes: dataset.classes,
      });
      return { train: train.length, validation: validation.length, test: test.length };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      issues.push(...error.issues);
      return { train: 0, validation: 0, test: 0 };
    }
  });
  throwIssues([...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()]);
  return {
    dataset,
    sizes,
    manifest: experimentManifest(plan, { name: dataset.name, paper: paperDataOf(dataset.kind) }),
  };
}

const paperDataOf = (kind: string): PaperData | null =>
  (({ messidor: 'messidor', 'covid19-radiography': 'covid19' }) as const)[kind] ?? null;
