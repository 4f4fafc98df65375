import { InputError, type Issue, type TaskPredictions, throwIssues } from '@nonlocal-med/core';
import { requireSameNames } from './alignPredictions.js';

/**
 * Predictions of different images as one set, in the order of the parts: the out-of-fold predictions of a
 * cross-validation from the test predictions of its folds, as scikit-learn's `cross_val_predict` returns them.
 *
 * Each part has its own model, and so its own scale of scores: an AUC over the pooled images also compares images of
 * different folds, and can be lower than the mean of the AUCs of the folds.
 * @param parts predictions of each model, with the same classes or findings in the same order. If one of them has groups
 * (patients), an image without one is its own group; attributes are those of the first part.
 * @throws InputError if there are no parts, their classes or findings differ, or an image is in two of them
 * @example
 * ```ts
 * import { poolPredictions } from '@nonlocal-med/metrics';
 *
 * const fold = (id, label, lesion) => ({
 *   classes: ['healthy', 'lesion'],
 *   ids: [id],
 *   labels: Int32Array.of(label),
 *   probabilities: Float64Array.of(1 - lesion, lesion),
 * });
 * console.log(poolPredictions([fold('a', 0, 0.25), fold('b', 1, 0.75)]).ids.join(' ')); // a b
 * ```
 */
export function poolPredictions<P extends TaskPredictions>(parts: readonly P[]): P {
  if (parts.length === 0)
    throw new InputError({ path: 'predictions', message: 'no part given', hint: 'one or more' });
  const [first, ...others] = parts;
  others.forEach((part, i) => requireSameNames(first, part, `predictions ${i + 2}`));
  throwIssues(sharedImages(parts));
  const isGrouped = parts.some(({ groups }) => groups !== undefined);
  const { attributes } = first;
  return {
    ...first,
    ids: parts.flatMap(({ ids }) => ids),
    labels: Int32Array.from(parts.flatMap(({ labels }) => [...labels])),
    probabilities: Float64Array.from(parts.flatMap(({ probabilities }) => [...probabilities])),
    ...(isGrouped
      ? { groups: parts.flatMap(({ ids, groups }) => groups ?? ids.map((id) => `image ${id}`)) }
      : {}),
    ...(attributes === undefined
      ? {}
      : {
          attributes: Object.fromEntries(
            Object.keys(attributes).map((name) => [
              name,
              parts.flatMap((part) => part.attributes?.[name] ?? part.ids.map(() => '')),
            ]),
          ),
        }),
  };
}

function sharedImages(parts: readonly TaskPredictions[]): Issue[] {
  const partOf = new Map<string, number>();
  return parts.flatMap(({ ids }, part) =>
    ids.flatMap((id): Issue[] => {
      const other = partOf.get(id);
      partOf.set(id, part);
      if (other === undefined) return [];
      return [
        {
          path: `predictions ${part + 1}`,
          message: `image "${id}" is also in predictions ${other + 1}`,
          hint: 'parts without a common image, such as the folds of one cross-validation',
        },
      ];
    }),
  );
}
