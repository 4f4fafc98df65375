import { count, InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { type LoaderSample, type NotedSplit, splitDataset } from '@nonlocal-med/data';
import {
  describeObservations,
  type NotedDataset,
  type OpenRunDataOptions,
  openRunDataset,
  runSplitOptions,
} from '@nonlocal-med/pipeline';
import type { ExperimentManifest } from '@nonlocal-med/runs';
import { createManifest } from './createManifest.js';
import { checkPredictions } from './externalRows.js';
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
  await checkPredictions(plan, dataset, splits);
  const sizes = splits.map(({ split: { train, validation, test } }): SplitSize => ({
    train: train.length,
    validation: validation.length,
    test: test.length,
  }));
  const notes = [
    ...dataset.notes,
    ...splits[0].notes,
    ...describeObservations(dataset, splits[0].split),
  ];
  const paper = paperDataOf(dataset.kind);
  return {
    dataset: { ...dataset, notes },
    sizes,
    manifest: createManifest(withGivenSplit(plan, dataset), { name: nameOf(dataset, plan), paper }),
  };
}

/** The name of a data set; of several sets of synthetic images, which differ in the seed that their names end with. */
function nameOf(
  { name }: NotedDataset,
  { repeats: { kind, count }, runs }: ExperimentPlan,
): string {
  const { data } = runs[0].config;
  const isSeveral = kind === 'images' && count > 1 && data.kind === 'tiny-lesions';
  return isSeveral ? `${name} to ${data.seed + count - 1}` : name;
}

/** With a split that is given, repeats that would have new splits differ in their seeds only. */
function withGivenSplit(plan: ExperimentPlan, { givenSplit }: NotedDataset): ExperimentPlan {
  if (givenSplit === undefined) return plan;
  const { repeats, notes } = plan;
  const patients = givenSplit.leaks.length;
  return {
    ...plan,
    repeats: { ...repeats, kind: 'seeds' },
    notes: [
      ...notes,
      `The split is given by ${givenSplit.source}: repeats differ in their seed only, not in their split.`,
      ...(patients === 0
        ? []
        : [
            `The given split leaks (${count(patients, 'patient or identical image', 'patients or identical images')} in more than one part of it), which --allow-leaks permitted: results are likely too good.`,
          ]),
    ],
  };
}

function splitsOf(
  dataset: NotedDataset,
  repeats: readonly PlannedRun[],
): NotedSplit<LoaderSample>[] {
  const issues = new Map<string, Issue>(); // without repetition
  const splits = repeats.flatMap(({ config }) => {
    try {
      return [splitDataset<LoaderSample>(dataset, runSplitOptions(config, dataset))];
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
