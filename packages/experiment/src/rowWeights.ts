import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { cacheRoot, readFailure } from '@nonlocal-med/core/node';
import { fetchImagenetWeights } from '@nonlocal-med/models/node';
import { isPlainObject, omitKeys, type RawOptions, type RunConfig } from '@nonlocal-med/pipeline';
import type { ResolvedExperiment } from './experimentSchema.js';

/**
 * Makes sure that the pre-trained weights of all runs are available before the first one: files are readable, and
 * "imagenet" weights are downloaded into the cache.
 * @throws InputError with each unreadable file.
 * @throws UnavailableError if weights cannot be downloaded.
 */
export async function provideWeights(
  runs: readonly { readonly config: Pick<RunConfig, 'model'> }[],
  onProgress?: (line: string) => void,
): Promise<void> {
  const models = new Map(
    runs.map(({ config: { model } }) => [
      JSON.stringify([model.name, model.weights, model.width]),
      model,
    ]),
  );
  const issues: Issue[] = [];
  for (const { name, weights, width } of models.values()) {
    if (weights === 'imagenet')
      await fetchImagenetWeights(name, {
        folder: join(cacheRoot(), 'weights'),
        width: width as number | undefined,
        onProgress,
      });
    else if (weights !== undefined)
      await access(weights, constants.R_OK).catch((error: NodeJS.ErrnoException) =>
        issues.push({
          path: `weights: ${weights}`,
          message: readFailure(error),
          hint: 'a .pth or .safetensors file',
        }),
      );
  }
  throwIssues(issues);
}

/**
 * Adds the initial weights of an experiment to the options of a row. Weights in the row's options take precedence.
 * @param options merged options of the row
 * @param rowOptions options of the row alone
 * @throws InputError if files are given, but none for the backbone of the row.
 */
export function withRowWeights(
  options: RawOptions,
  rowOptions: RawOptions,
  weights: ResolvedExperiment['weights'],
): RawOptions {
  const model = isPlainObject(options.model) ? options.model : {};
  if (isPlainObject(rowOptions.model) && rowOptions.model.weights !== undefined) return options;
  if (weights === 'none') return { ...options, model: omitKeys(model, 'weights') };
  if (weights === 'imagenet') return { ...options, model: { ...model, weights } };
  const [backbone] = (typeof model.name === 'string' ? model.name : 'resnet18-nla').split('-');
  if (Object.hasOwn(weights, backbone))
    return { ...options, model: { ...model, weights: weights[backbone] } };
  const given = Object.keys(weights).join(', ') || 'none';
  throw new InputError({
    path: 'weights',
    message: `has no file for the backbone ${backbone} (given: ${given})`,
    hint: `${backbone}: a .pth or .safetensors file, for each backbone; or "imagenet", or "none"`,
  });
}

/**
 * Refuses weights among the options that all rows share, because the weights of the experiment would replace them.
 * @throws InputError if there are any.
 */
export function refuseBaseWeights({ model }: RawOptions): void {
  if (!isPlainObject(model) || model.weights === undefined || model.weights === null) return;
  throw new InputError({
    path: 'model.weights',
    message: `got ${JSON.stringify(model.weights)}`,
    hint: 'unset: use `weights` of the experiment for all rows, or the options of a row',
  });
}
