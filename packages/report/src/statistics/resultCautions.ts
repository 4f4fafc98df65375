import { count, type TaskPredictions, wrapText } from '@nonlocal-med/core';
import {
  binarySamples,
  oneVsRest,
  reportedMetric,
  reportNames,
  type TaskReport,
} from '@nonlocal-med/metrics';
import type { ExperimentRunRecord, RepeatKind } from '@nonlocal-med/runs';
import { formatPercent } from '../tables/numberText.js';

/**
 * Fewest test images, or patients, of a class or with a finding from which its results can be read: with ten, one more or
 * one fewer error changes the sensitivity by 10 percentage points.
 */
const MINIMUM_OF_CLASS = 10;

/** What results say about a model beyond their numbers. */
export interface JudgedModel {
  /** Names the model in sentences; left out where there is only one. */
  readonly title?: string;
  /** Its reports, one per repeat. */
  readonly reports: readonly TaskReport[];
  /** Predictions of the same repeats: images that several repeats test then count once. */
  readonly predictions?: readonly TaskPredictions[];
  /** Interval of the AUC, or of its mean over the repeats; default: that of the only report. */
  readonly aucInterval?: { readonly lower: number; readonly upper: number } | null;
  /** What the run observed in its data that makes its results unreliable, as its folder records it. */
  readonly dataCautions?: readonly string[];
}

/** What {@link resultCautions} cannot tell from reports. */
interface CautionOptions {
  /** How repeats differ; absent for single runs. */
  readonly kind?: RepeatKind;
  /** Whether a cross-validation on the same images is possible; default: for repeats with new splits. */
  readonly canFold?: boolean;
  /** Whether the groups of images are patients; if not, they are copies of images only. Default: true. */
  readonly patientsKnown?: boolean;
  /** Of the values around the cautions; default: fractions. */
  readonly unit?: 'fraction' | 'percent';
}

/**
 * What a reader must know before believing the results, one sentence each, for the head of every output. The gravest come
 * first: what the runs observed in their data, which can make every number wrong; an AUC that may be chance; classes or
 * findings of which no image is found; classes or findings with too few test images or patients; and what to do about it.
 * Sentences that are not true for all of several models name those that they belong to.
 * @param models models with the same classes or findings
 * @param options.unit of the values around the cautions; default: fractions
 */
export function resultCautions(
  models: readonly JudgedModel[],
  {
    kind,
    canFold = kind === 'splits',
    patientsKnown = true,
    unit = 'fraction',
  }: CautionOptions = {},
): string[] {
  const tested = models.filter(({ reports }) => reports.length > 0);
  const found = nameModels(tested, ({ dataCautions }) => dataCautions ?? []);
  const small = nameModels(tested, (model) => describeSmallClasses(model, patientsKnown));
  const chance = tested.flatMap((model) => describeChance(model, unit));
  const missed = tested.flatMap(describeMissedClasses);
  const needsImages = (small.length > 0 || chance.length > 0) && canFold;
  return [...found, ...chance, ...missed, ...small, ...(needsImages ? [FOLDS_ADVICE] : [])];
}

/** Each sentence once, with the models that it belongs to unless it belongs to all. */
function nameModels(
  models: readonly JudgedModel[],
  describe: (model: JudgedModel) => readonly string[],
): string[] {
  const titlesOf = new Map<string, string[]>();
  for (const model of models)
    for (const text of new Set(describe(model)))
      titlesOf.set(text, [...(titlesOf.get(text) ?? []), model.title ?? '']);
  return [...titlesOf].map(([text, titles]) =>
    titles.length === models.length ? text : `${listOf(titles)}: ${text}`,
  );
}

/** Cautions for a terminal, wrapped to its width, below the title of the results; empty if there are none. */
export function cautionText(cautions: readonly string[], width = 80): string {
  return cautions.map((caution) => `${wrapText(`Caution: ${caution}`, width)}\n`).join('');
}

const FOLDS_ADVICE =
  'A cross-validation tests every image once, so that results rest on the whole data set: train with --folds 5 instead of --test (docs/cross-validation.md), or an experiment with --protocol folds.\npnpm --filter trainer start train --folds 5 --data DATA';

interface ClassSize {
  readonly name: string;
  readonly images: number;
  /** Null if images have no patients. */
  readonly patients: number | null;
}

function describeSmallClasses(model: JudgedModel, patientsKnown: boolean): string[] {
  const small = classSizes(model)
    .map((size) => (patientsKnown ? size : { ...size, patients: null }))
    .filter(({ images, patients }) => Math.min(images, patients ?? images) < MINIMUM_OF_CLASS);
  if (small.length === 0) return [];
  const ofFindings = 'findings' in model.reports[0];
  const names = small.map(({ name, images, patients }) => {
    const of = patients === null ? '' : ` of ${count(patients, 'patient')}`;
    return `${name} (${count(images, 'image')}${of})`;
  });
  const smallest = Math.min(...small.map(({ images }) => images));
  const step =
    smallest === 0
      ? ''
      : `; a single image changes the sensitivity ${ofFindings ? 'to the rarest finding' : 'of the smallest class'} by ${(100 / smallest).toFixed(0)} percentage points`;
  return [
    `The test set is too small to judge ${listOf(names)}: at least ${MINIMUM_OF_CLASS} images and patients ${ofFindings ? 'with' : 'of'} each ${ofFindings ? 'finding' : 'class'} are needed${step}.`,
  ];
}

function classSizes({ reports, predictions = [] }: JudgedModel): ClassSize[] {
  const [first] = reports;
  if (reports.length === 1 || predictions.length !== reports.length) {
    const all = reports.map(oneVsRest);
    return all[0].map(({ name, groups }, c) => ({
      name,
      images: Math.max(...all.map((each) => each[c].positives)),
      patients: groups ?? null,
    }));
  }
  return reportNames(first).map((name) => {
    const members = predictions.flatMap((tested) => {
      const { ids, labels, groups } = binarySamples(tested, name);
      return ids.flatMap((id, i) => (labels[i] === 1 ? [{ id, group: groups?.[i] }] : []));
    });
    const groups = members.flatMap(({ group }) => (group === undefined ? [] : [group]));
    return {
      name,
      images: new Set(members.map(({ id }) => id)).size,
      patients: groups.length === 0 ? null : new Set(groups).size,
    };
  });
}

function describeChance(
  { title, reports, aucInterval }: JudgedModel,
  unit: 'fraction' | 'percent',
): string[] {
  const [report] = reports;
  const { confidence } = report;
  const interval = aucInterval === undefined ? reportedMetric(report, 'auc').interval : aucInterval;
  if (!interval || interval.lower > 0.5 || interval.upper < 0.5) return [];
  const { lower, upper } = interval;
  const [range, half] =
    unit === 'percent'
      ? [`${formatPercent(lower, 1)} to ${formatPercent(upper, 1)} %`, '50 %']
      : [`${lower.toFixed(3)} to ${upper.toFixed(3)}`, '0.5'];
  return [
    `The ${100 * confidence} % interval of the ${'findings' in report ? 'mean AUC' : 'AUC'}${ofModel(title)} (${range}) includes ${half}: guessing cannot be ruled out.`,
  ];
}

function describeMissedClasses({ title, reports }: JudgedModel): string[] {
  const all = reports.map(oneVsRest);
  const of = 'findings' in reports[0] ? 'with' : 'of';
  return all[0].flatMap(({ name }, c) => {
    const images = all.reduce((sum, each) => sum + each[c].positives, 0);
    const isFound = all.some((each) => (each[c].sensitivity.value ?? 0) > 0);
    if (images === 0 || isFound) return [];
    const tests = reports.length === 1 ? 'test images' : 'tests of images';
    const none = images === 1 ? 'The only test image' : `None of the ${images} ${tests}`;
    const verb = images === 1 ? 'is not' : 'is';
    return [`${none} ${of} ${name} ${verb} found${byModel(title)} (sensitivity 0).`];
  });
}

const ofModel = (title?: string): string => (title === undefined ? '' : ` of ${title}`);
const byModel = (title?: string): string => (title === undefined ? '' : ` by ${title}`);

/** `a`, `a and b`, `a, b and c`. */
export function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/**
 * Cautions on the data that all of several runs recorded, and of those that differ with the split those of the first run
 * with any.
 * @param runs finished repeats of one row
 */
export function recordedCautions(
  runs: readonly Pick<ExperimentRunRecord, 'repeat' | 'run'>[],
): string[] {
  const recorded = runs.map(({ run, repeat }) => ({
    repeat,
    cautions: run?.environment?.data?.cautions ?? [],
  }));
  const isCommon = (text: string): boolean =>
    recorded.every(({ cautions }) => cautions.includes(text));
  const first = recorded.find(({ cautions }) => cautions.length > 0);
  return (first?.cautions ?? []).map((text) =>
    isCommon(text) ? text : `${text} (Repeat ${first!.repeat + 1}; the other splits differ.)`,
  );
}
