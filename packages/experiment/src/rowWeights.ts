import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { cacheRoot } from '@nonlocal-med/core/node';
import { fetchImagenetWeights } from '@nonlocal-med/models/node';
import { isPlainObject, omitKeys, type RawOptions } from '@nonlocal-med/pipeline';
import type { ResolvedExperiment } from './experimentSchema.js';
import type { ExperimentPlan } from './planExperiment.js';

/**
 * The options of a row with the weights that the experiment starts its rows from. A row's own weights stand.
 * @throws InputError where files are named, and none for the row's backbone.
 */
export function withRowWeights(
  options: RawOptions,
  own: RawOptions,
  weights: ResolvedExperiment['weights'],
): RawOptions {
  const model = isPlainObject(options.model) ? options.model : {};
  if (isPlainObject(own.model) && own.model.weights !== undefined) return options;
  if (weights === 'none') return { ...options, model: omitKeys(model, 'weights') };
  if (weights === 'imagenet') return { ...options, model: { ...model, weights } };
  const [backbone] = (typeof model.name === 'string' ? model.name : 'resnet18-nla').split('-');
  if (Object.hasOwn(weights, backbone))
    return { ...options, model: { ...model, weights: weights[backbone] } };
  throw new InputError({
    path: 'weights',
    message: `has no file for the backbone ${backbone} (it names ${Object.keys(weights).join(', ') || 'none'})`,
    hint: `${backbone}: a .pth or .safetensors file, for every backbone; or "imagenet", or "none"`,
  });
}

/**
 * Refuses weights among the options that all rows share, where the experiment's own would replace them without a word.
 * @throws InputError where there are some.
 */
export function refuseBaseWeights({ model }: RawOptions): void {
  if (!isPlainObject(model) || model.weights === undefined || model.weights === null) return;
  throw new InputError({
    path: 'model.weights',
    message: `got ${JSON.stringify(model.weights)}`,
    hint: "nothing here: the experiment's option weights decides it for all rows, and a row's own options for the row",
  });
}

/**
 * Sees to the pre-trained weights of all rows before the first run: files that can be read, downloads into the cache.
 * @throws InputError for files that cannot; UnavailableError where weights are to be downloaded and cannot be.
 */
export async function provideWeights(
  plan: ExperimentPlan,
  onProgress?: (line: string) => void,
): Promise<void> {
  const models = new Map(
    plan.runs.map(({ config: { model } }) => [
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
          message: `cannot be read: ${error.code}`,
          hint: 'a .pth or .safetensors file',
        }),
      );
  }
  throwIssues(issues);
}
