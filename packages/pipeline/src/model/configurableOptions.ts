import { modelOptionSpecs } from '@nonlocal-med/models';

/** Options that a run decides for its model, and by what. */
export const decidedByRun: Readonly<Record<string, string>> = {
  classes: 'the data set decides',
  inputSize: 'preprocessing.size decides',
  seed: 'the seed of the run decides',
  probabilities: 'training needs logits',
};

/**
 * The options of a model that stand in the `model` section of a configuration.
 * @throws InputError for an unknown name.
 */
export function configurableOptions(name: string): ReturnType<typeof modelOptionSpecs> {
  return Object.fromEntries(
    Object.entries(modelOptionSpecs(name)).filter(([option]) => !(option in decidedByRun)),
  );
}
