import { InputError, type Sample } from '@nonlocal-med/core';
import { type ImageFacts, splitByGroup } from '@nonlocal-med/data';
import { binaryAuc, bootstrapInterval } from '@nonlocal-med/metrics';
import { cutIntoBins, forestProbabilities } from './factForest.js';
import { factColumns, type FactName, factNames } from './fileFacts.js';

/** How well a class can be recognized from facts on its files, without looking at what the images show. */
export interface ClassShortcut {
  readonly name: string;
  /** The classes it is told from: the others, without those that are told already. */
  readonly against: readonly string[];
  /** From all facts; 0.5 is chance. */
  readonly auc: number;
  /** 95 % interval, over groups where they are known; null where all resamples give the same AUC, as with AUC 1. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The fact that tells most alone, and its AUC. */
  readonly fact: FactName;
  readonly factAuc: number;
  /** Whether this is worth a warning: the interval, or the AUC without one, lies above {@link WARNING}. */
  readonly warning: boolean;
}

/** A class is reported if the lower end of its interval is above this AUC; below it, there is no useful shortcut. */
const WARNING = 0.65;
const FOLDS = 5;
/** Images that a class needs. */
const FEWEST = 10;
/** Resamples times images of the bootstrap, which bound its time. */
const BOOTSTRAP_WORK = 3_000_000;

/** An image whose file has been checked. */
export type CheckedSample = Sample & { readonly facts?: ImageFacts };

/** What facts on files tell of the classes. */
export interface Shortcuts {
  readonly classes: readonly ClassShortcut[];
  /** Classes with too few images or groups to say. */
  readonly leftOut: readonly string[];
  readonly images: number;
  /** What was found, in a few sentences. */
  readonly message: string;
}

/**
 * Predicts the class of each image from facts on its file, by a small forest of decision trees in five folds, in which the
 * images of a group stay together. Equal data gives equal results.
 * @returns undefined for fewer than two classes of at least ten images in five groups
 */
export function tellClasses({
  samples,
  classes,
}: {
  readonly samples: readonly CheckedSample[];
  readonly classes: readonly string[];
}): Omit<Shortcuts, 'message'> | undefined {
  const kept = classes.flatMap((_, label) => {
    const members = samples.filter((sample) => sample.label === label);
    return members.length >= FEWEST && groupsOf(members).size >= FOLDS ? [label] : [];
  });
  if (kept.length < 2) return undefined;
  const names = kept.map((label) => classes[label]);
  const images = samples
    .filter(({ label }) => kept.includes(label))
    .map((sample, index) => ({ ...sample, index, label: kept.indexOf(sample.label) }));
  const folds = foldsOf(images, names);
  if (folds === undefined) return undefined;

  const columns = factColumns(images.map(({ facts }) => facts!));
  const labels = Int32Array.from(images, ({ label }) => label);
  const predict = (facts: readonly FactName[]): Float64Array =>
    crossValidate(cutIntoBins(facts.flatMap((fact) => columns[fact])), { labels, names, folds });
  const all = predict(factNames);
  const alone = factNames.map((fact) => ({ fact, probabilities: predict([fact]) }));
  const groups = images.some(({ group }) => group !== undefined)
    ? images.map(({ group, id }) => group ?? `image ${id}`)
    : undefined;
  const tell = (label: number, among: readonly number[]): ClassShortcut => {
    const rows = [...labels.keys()].filter((index) => among.includes(labels[index]));
    const truth = Int32Array.from(rows, (index) => Number(labels[index] === label));
    const scoresOf = (probabilities: Float64Array): Float64Array =>
      Float64Array.from(rows, (index) => {
        const of = (other: number): number => probabilities[index * names.length + other];
        return of(label) / among.reduce((sum, other) => sum + of(other), 0);
      });
    const single = alone
      .map(({ fact, probabilities }) => ({
        fact,
        factAuc: binaryAuc(truth, scoresOf(probabilities))!,
      }))
      .reduce((best, next) => (next.factAuc > best.factAuc ? next : best));
    const interval = aucInterval(truth, scoresOf(all), {
      groups: groups && rows.map((index) => groups[index]),
      classes: names.length,
    });
    const against = among.filter((other) => other !== label).map((other) => names[other]);
    const warning = (interval.lower ?? interval.auc) > WARNING;
    return { name: names[label], against, ...interval, ...single, warning };
  };
  return {
    classes: tellOneByOne(names, tell),
    leftOut: classes.filter((_, label) => !kept.includes(label)),
    images: images.length,
  };
}

/**
 * Each class against the others. Where one can be recognized, the others are compared without it: otherwise every class would
 * seem to be told, as "not that one".
 */
function tellOneByOne(
  names: readonly string[],
  tell: (label: number, among: readonly number[]) => ClassShortcut,
): ClassShortcut[] {
  const found = new Map<string, ClassShortcut>();
  let among = names.map((_, label) => label);
  while (among.length > 1) {
    const told = among.map((label) => tell(label, among));
    for (const entry of told) found.set(entry.name, entry);
    const most = told.reduce((best, next) => (next.auc > best.auc ? next : best));
    if (!most.warning || among.length === 2) break;
    among = among.filter((label) => names[label] !== most.name);
  }
  return names.map((name) => found.get(name)!);
}

const groupsOf = (samples: readonly Sample[]): Set<unknown> =>
  new Set(samples.map((sample) => sample.group ?? sample));

/** Indices of the images of each fold; undefined if groups make folds with all classes impossible. */
function foldsOf<S extends Sample & { readonly index: number }>(
  images: readonly S[],
  classes: readonly string[],
): number[][] | undefined {
  try {
    return Array.from({ length: FOLDS }, (_, repeat) =>
      splitByGroup(images, { classes, folds: FOLDS, repeat, validation: 0 }).test.map(
        ({ index }) => index,
      ),
    );
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Probabilities of every image by a forest that was grown without its fold, [images, classes]. */
function crossValidate(
  bins: readonly Uint8Array[],
  {
    labels,
    names,
    folds,
  }: {
    readonly labels: Int32Array;
    readonly names: readonly string[];
    readonly folds: readonly (readonly number[])[];
  },
): Float64Array {
  const classes = names.length;
  const result = new Float64Array(labels.length * classes);
  folds.forEach((test, fold) => {
    const train = folds.flatMap((indices, other) => (other === fold ? [] : indices));
    const stream = `fold ${fold}`;
    const probabilities = forestProbabilities({ bins, labels, classes, train, test, stream });
    test.forEach((index, row) => {
      for (let k = 0; k < classes; k++)
        result[index * classes + k] = probabilities[row * classes + k];
    });
  });
  return result;
}

function aucInterval(
  labels: Int32Array,
  scores: Float64Array,
  { groups, classes }: { readonly groups?: readonly string[]; readonly classes: number },
): Pick<ClassShortcut, 'auc' | 'lower' | 'upper'> {
  const predictions = {
    classes: ['rest', 'class'],
    ids: Array.from(labels, (_, index) => String(index)),
    labels,
    probabilities: Float64Array.from({ length: 2 * labels.length }, (_, i) =>
      i % 2 === 1 ? scores[(i - 1) / 2] : 1 - scores[i / 2],
    ),
  };
  const work = Math.round(BOOTSTRAP_WORK / (labels.length * classes));
  const resamples = Math.max(100, Math.min(1000, work));
  const { estimate, lower, upper } = bootstrapInterval(predictions, 'auc', { resamples, groups });
  const varies = lower !== null && upper !== null && lower < upper;
  return { auc: estimate!, lower: varies ? lower : null, upper: varies ? upper : null };
}

/** "AUC 0.80 (0.71 to 0.88)". */
export function aucText({ auc, lower, upper }: ClassShortcut): string {
  const number = (value: number): string => value.toFixed(2);
  if (lower !== null && upper !== null)
    return `AUC ${number(auc)} (${number(lower)} to ${number(upper)})`;
  const reason = auc === 1 ? 'every image is recognized' : 'all resamples give the same value';
  return `AUC ${number(auc)} (no interval: ${reason})`;
}

/** The facts that are looked at, for a sentence. */
export const FACTS = `${factNames.slice(0, -1).join(', ')} and ${factNames.at(-1)!}`;

/** Classes or findings that could not be judged, for a sentence. */
export const fewText = (leftOut: readonly string[]): string =>
  leftOut.length === 0
    ? ''
    : ` Too few images to say: ${leftOut.map((name) => `"${name}"`).join(', ')}.`;
