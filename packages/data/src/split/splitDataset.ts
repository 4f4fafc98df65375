import { InputError, type Issue, parseOptions, type Sample, throwIssues } from '@nonlocal-med/core';
import { hasGivenSplit } from '../dataset/givenSplit/givenSplit.js';
import { countOf } from '../noteText.js';
import { findingNotes, trainingFindingIssues } from './findingChecks.js';
import { type Split, type SplitOptions, splitOptionsSchema } from './split.js';
import { splitByFindings } from './splitByFindings.js';
import { splitByGroup } from './splitByGroup.js';

/** A split, and what the user should know of it, one sentence each. */
export interface NotedSplit<S> {
  readonly split: Split<S>;
  readonly notes: readonly string[];
}

/**
 * Splits a data set: as its samples say, if they come with a split, else with {@link splitByGroup}, or with
 * {@link splitByFindings} if they have findings. If a given split has no validation set, the fraction `validation` of its
 * training samples is taken for one, in the same way. Its test set is never changed, and one that is missing stays empty.
 *
 * @param options those of `splitOptionsSchema`; with a given split, only `validation` and `seed` have an effect
 * @throws InputError if there are no training samples, a class has none, a finding is present or absent in none of them, or
 *   an option contradicts the given split
 */
export function splitDataset<S extends Sample>(
  { samples, classes }: { readonly samples: readonly S[]; readonly classes: readonly string[] },
  options: SplitOptions = {},
): NotedSplit<S> {
  const severalFindings = samples.some(hasFindings);
  if (!hasGivenSplit(samples)) {
    if (!severalFindings)
      return { split: splitByGroup(samples, { ...options, classes }), notes: [] };
    const split = divide(samples, { ...options, classes });
    throwIssues(trainingFindingIssues(split, classes));
    return { split, notes: findingNotes(split, classes) };
  }
  const resolved = parseOptions(splitOptionsSchema, options, 'split');
  const setOf = (name: Sample['split']): S[] => samples.filter(({ split }) => split === name);
  const given = { train: setOf('training'), validation: setOf('validation'), test: setOf('test') };
  throwIssues([
    ...contradictions(resolved, given.validation.length > 0),
    ...trainingIssues(given, severalFindings ? [] : classes),
  ]);
  const takes = given.validation.length === 0 && resolved.validation > 0;
  const split = takes ? takeValidation(given, { ...resolved, classes }) : given;
  if (severalFindings) throwIssues(trainingFindingIssues(split, classes));
  return {
    split,
    notes: [
      ...missingSetNotes(given, { taken: takes ? split.validation.length : 0 }),
      ...(severalFindings ? findingNotes(split, classes) : missingClassNotes(split, classes)),
    ],
  };
}

/** A split by group that balances the findings of the samples, if they have any, or else their classes. */
function divide<S extends Sample>(
  samples: readonly S[],
  { classes, ...options }: SplitOptions & { readonly classes: readonly string[] },
): Split<S> {
  return samples.every(hasFindings)
    ? splitByFindings(samples, { ...options, findings: classes }).split
    : splitByGroup(samples, { ...options, classes });
}

const hasFindings = <S extends Sample>(
  sample: S,
): sample is S & { readonly findings: readonly number[] } => sample.findings !== undefined;

const NEW_SPLIT = 'leave it out; or --given-split ignore, which splits all images anew';

/** Options that would have no effect, given by the user: they differ from their defaults. */
function contradictions(
  { test, validation, folds, repeat }: ReturnType<typeof splitOptionsSchema.parse>,
  hasValidation: boolean,
): Issue[] {
  const defaults = splitOptionsSchema.parse({});
  const reject = (option: string, value: number, hint = NEW_SPLIT): Issue => ({
    path: `split.${option}`,
    message: `got ${value}, but the data set comes with its own split`,
    hint,
  });
  return [
    ...(folds === undefined
      ? []
      : [
          reject(
            'folds',
            folds,
            'a cross-validation splits all images anew, with --given-split ignore; repeats of kind "splits" or "seeds" train several seeds on the given split',
          ),
        ]),
    ...(repeat === defaults.repeat || folds !== undefined ? [] : [reject('repeat', repeat)]),
    ...(test === defaults.test ? [] : [reject('test', test)]),
    ...(hasValidation && validation !== defaults.validation
      ? [reject('validation', validation)]
      : []),
  ];
}

function trainingIssues({ train, validation, test }: Split, classes: readonly string[]): Issue[] {
  if (train.length === 0)
    return [
      {
        path: 'split',
        message: `the given split has no training images, only ${countOf(validation.length, 'validation image')} and ${countOf(test.length, 'test image')}`,
        hint: 'a folder, a list or the value "train" for the training images',
      },
    ];
  const trained = new Set(train.map(({ label }) => label));
  return classes.flatMap((name, label): Issue[] => {
    if (trained.has(label)) return [];
    const count = [...validation, ...test].filter((sample) => sample.label === label).length;
    const similar = classes.find(
      (other, index) =>
        trained.has(index) && other.toLowerCase().trim() === name.toLowerCase().trim(),
    );
    return [
      {
        path: 'split',
        message: `class "${name}" has no training images in the given split, but ${countOf(count, 'validation or test image')}`,
        hint: `${similar === undefined ? '' : `did you mean "${similar}"? `}every class needs training images; labelMap renames or leaves out classes`,
      },
    ];
  });
}

function takeValidation<S extends Sample>(
  { train, test }: Split<S>,
  { validation, seed, classes }: { validation: number; seed: number; classes: readonly string[] },
): Split<S> {
  try {
    const divided = divide(train, { test: 0, validation, seed, classes });
    return { train: divided.train, validation: divided.validation, test };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.issues.map((issue) => ({
        ...issue,
        hint: 'the validation set is taken from the training images: --validation 0 trains without one',
      })),
      { cause: error },
    );
  }
}

function missingSetNotes(
  { train, validation, test }: Split,
  { taken }: { readonly taken: number },
): string[] {
  const notes: string[] = [];
  if (taken > 0)
    notes.push(
      `The given split has no validation set: ${taken} of its ${countOf(train.length, 'training image')} ${taken === 1 ? 'is' : 'are'} used as one (split.validation), by patient if patients are known.`,
    );
  else if (validation.length === 0)
    notes.push(
      'The given split has no validation set, and none is taken from the training set (split.validation is 0): no best checkpoint is selected.',
    );
  if (test.length === 0)
    notes.push(
      'The given split has no test set, and none is taken from the training set: call the held-out part test, or use --given-split ignore.',
    );
  return notes;
}

/** Classes that a validation or test set lacks, so that some of its metrics are undefined. */
function missingClassNotes(split: Split, classes: readonly string[]): string[] {
  return (['validation', 'test'] as const).flatMap((set) => {
    const present = new Set(split[set].map(({ label }) => label));
    const missing = classes.filter((_, label) => !present.has(label));
    if (present.size === 0 || missing.length === 0) return [];
    return [
      `The ${set} set of the given split has no images of ${missing.map((name) => `"${name}"`).join(', ')}: metrics that need every class are undefined on it.`,
    ];
  });
}
