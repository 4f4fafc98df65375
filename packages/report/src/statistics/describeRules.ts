import { count, type Task } from '@nonlocal-med/core';
import type { RepeatKind, WeightsChoice } from '@nonlocal-med/runs';
import { weightsTitle } from '../tables/weightsTitle.js';
import { MINIMUM_REPEATS, MINIMUM_REPEATS_FOR_BEST } from './fewRepeats.js';
import { listOf } from './resultCautions.js';

/** What the rules of a table depend on. */
export interface RuleFacts {
  /** Default: `multiclass`. */
  readonly task?: Task;
  readonly kind: RepeatKind;
  /** Planned repeats of each row. */
  readonly repeats: number;
  readonly weights: WeightsChoice;
  readonly level: number;
  readonly confidence: number;
  readonly resamples: number;
  /** Whether the runs recorded the patients (groups) of their test images. */
  readonly patients: boolean;
  /** Titles of the rows whose images are resampled one by one while others resample patients. */
  readonly withoutPatients: readonly string[];
  /** Whether a run's `metrics.json` resampled patients that the run's folder does not record. */
  readonly unrecordedPatients: boolean;
  /** Number of comparisons in one metric. */
  readonly comparisons: number;
}

/** How the numbers of a summary are computed, one note each, for the end of a table. */
export function describeRules({
  task = 'multiclass',
  kind,
  repeats,
  weights,
  level,
  confidence,
  resamples,
  patients,
  withoutPatients,
  unrecordedPatients,
  comparisons,
}: RuleFacts): string[] {
  const repeated = repeats > 1;
  const units = patients ? 'patients (all images of a patient together)' : 'images';
  const exception =
    withoutPatients.length === 0
      ? ''
      : `, but ${repeated ? 'of' : 'over'} the test images for ${listOf(withoutPatients)}, whose patients are not known`;
  const rules = [
    metricRules[task],
    `Weights: ${weightsTitle[weights]}${weights === 'selected' ? ' (best validation metric)' : ''}.${repeated ? ` Values are mean ± standard deviation (n - 1) over ${repeatsText[kind]}.` : ''}`,
    `Intervals${repeated ? ' of the mean' : ''} are ${confidence * 100} % bootstrap intervals ${repeated ? `from ${resamples} resamples of the test ${units}${exception}; each resample is shared by all repeats that test the same images` : `over the test ${units}${exception}, as in the metrics.json of the run`}. They describe variation between test images, not between training runs.`,
    ...(unrecordedPatients
      ? [
          'The metrics.json of at least one run resampled whole patients, but its folder, written by an earlier version, does not record which images belong to one patient: differences, curve bands and intervals of means over repeats resample its images one by one and may be too narrow.',
        ]
      : []),
  ];
  if (comparisons === 0) return rules;
  return [
    ...rules,
    `A difference from the baseline is statistically significant if ${testText(kind, { task, patients, mixed: exception !== '' })} p < ${level} after Holm's correction for the ${count(comparisons, 'comparison')} in the same metric${task === 'multilabel' ? ' (AUCs of single findings: for those of all findings together)' : ''}, with at least ${MINIMUM_REPEATS} repeats; with fewer, the single differences are listed without an interval. The best value of a column is set in bold from ${MINIMUM_REPEATS_FOR_BEST} repeats on.${kind === 'seeds' ? ' A different split of the images may give a different result.' : ''}`,
  ];
}

const metricRules: Readonly<Record<Task, string>> = {
  multiclass:
    'ACC one-vs-rest is the accuracy of each class against the rest, averaged over the classes. ACC top-1 is the fraction of images that are assigned their true class. SEN is the sensitivity averaged over the classes.',
  multilabel:
    'Each finding is judged on the images where it is known whether they show it. Means are over the findings for which a metric is defined (macro). Metrics over all labels take the labels of all findings together, so that common findings count more (micro). Sensitivity, specificity, precision and F1 are at the threshold of each finding.',
};

const repeatsText: Readonly<Record<RepeatKind, string>> = {
  splits: 'repeats, each with its own split and seed',
  seeds: 'seeds on one split',
  folds: 'folds',
  images: 'repeats, each with new images, its own split and its own seed',
};

function testText(
  kind: RepeatKind,
  {
    task,
    patients,
    mixed,
  }: { readonly task: Task; readonly patients: boolean; readonly mixed: boolean },
): string {
  if (kind === 'images') return 'the paired t test over repeats, which share no images, gives';
  if (kind !== 'seeds')
    return `the corrected resampled t test over ${kind === 'folds' ? 'folds' : 'repeats'} (Nadeau and Bengio 2003) gives`;
  const overImages = `DeLong for ${task === 'multilabel' ? 'the AUC of a finding' : 'AUC'}, paired bootstrap for the other metrics`;
  const test = patients
    ? `paired bootstrap over whole patients${mixed ? ` where they are known, else ${overImages}` : ''}`
    : overImages;
  return `the paired t test over seeds and the test on the same images (${test}) both give`;
}
