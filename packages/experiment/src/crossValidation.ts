import { count, throwIssues } from '@nonlocal-med/core';
import { isPlainObject, omitKeys, parseRunConfig, type RawOptions } from '@nonlocal-med/pipeline';
import type { ExperimentDefinition } from './experimentSchema.js';

/** Options of the split that a cross-validation determines, and how. */
const DETERMINED = {
  test: 'each fold of a cross-validation is the test set once',
  folds: 'their number is given otherwise, as --folds',
  seed: 'the seed of the folds is that of the run, --seed',
  repeat: 'every fold is trained',
};
const DETERMINED_NAMES = Object.keys(DETERMINED) as (keyof typeof DETERMINED)[];

/**
 * The cross-validation of one model as an experiment: one row, whose repeats are the folds.
 * @param options of the run, as for `parseRunConfig`; options of the split that the folds determine are left out, null,
 * or their defaults, as in the `config.yaml` of another run
 * @param folds number of folds, from 2
 * @throws InputError with every option that is invalid, or that the folds determine.
 * @example
 * ```ts
 * import { crossValidation, planExperiment } from '@nonlocal-med/experiment';
 *
 * const options = { data: { path: 'images' }, model: { name: 'resnet18' } };
 * const { runs } = planExperiment(crossValidation(options, 5));
 * console.log(runs.length, runs[4].folder, runs[4].config.split.repeat); // 5 runs/resnet18/repeat-5 4
 * ```
 */
export function crossValidation(options: RawOptions, folds: number): ExperimentDefinition {
  const split = isPlainObject(options.split) ? options.split : {};
  // An invalid split is kept, and refused with the rest.
  const kept: RawOptions =
    isPlainObject(options.split) || options.split === null
      ? { ...options, split: omitKeys<RawOptions, string>(split, ...DETERMINED_NAMES) }
      : options;
  const { model, split: defaults } = parseRunConfig(kept);
  throwIssues(
    DETERMINED_NAMES.filter(
      (name) => !([null, undefined, defaults[name]] as unknown[]).includes(split[name]),
    ).map((name) => ({
      path: `split.${name}`,
      message: `got ${JSON.stringify(split[name])}, but ${DETERMINED[name]}`,
      hint: `leave it out, also in a file; --set split.${name}=null unsets it`,
    })),
  );
  return {
    name: 'cross-validation',
    caption: `${model.name}, ${count(folds, 'fold')}`,
    base: { augmentation: 'auto', ...omitKeys(kept, 'model') },
    repeats: { kind: 'folds', count: folds, folds },
    rows: [{ key: model.name, options: { model: { ...givenModel(options), name: model.name } } }],
  };
}

const givenModel = ({ model }: RawOptions): RawOptions => (isPlainObject(model) ? model : {});
