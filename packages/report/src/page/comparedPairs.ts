import type { PageModel } from './pageModel.js';

/** A model and the one it is compared with. */
export interface ComparedPair {
  readonly baseline: PageModel;
  readonly model: PageModel;
}

/** Every model that names a baseline of the page, with it. */
export function comparedPairs(models: readonly PageModel[]): ComparedPair[] {
  return models.flatMap((model) => {
    const baseline = models.find(({ key }) => key === model.baseline);
    return baseline === undefined ? [] : [{ baseline, model }];
  });
}
