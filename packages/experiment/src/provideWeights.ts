import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { type Issue, throwIssues } from '@nonlocal-med/core';
import { cacheRoot } from '@nonlocal-med/core/node';
import { fetchImagenetWeights } from '@nonlocal-med/models/node';
import type { ExperimentPlan } from './planExperiment.js';

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
