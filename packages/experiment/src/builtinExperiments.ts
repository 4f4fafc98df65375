import { InputError, suggestName } from '@nonlocal-med/core';
import type { ExperimentDefinition } from './experimentSchema.js';
import { table1 } from './table1.js';
import { table2 } from './table2.js';
import { table3 } from './table3.js';

const experiments: Readonly<Record<string, ExperimentDefinition>> = { table1, table2, table3 };

/** Names of the experiments that come with the package: the paper's tables. */
export const builtinExperimentNames: readonly string[] = Object.keys(experiments);

/**
 * An experiment that comes with the package.
 * @throws InputError that lists them when there is none of the name.
 */
export function builtinExperiment(name: string): ExperimentDefinition {
  if (Object.hasOwn(experiments, name)) return experiments[name];
  const near = suggestName(name, builtinExperimentNames);
  throw new InputError({
    path: 'experiment',
    message: `there is no experiment "${name}"`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${builtinExperimentNames.join(', ')}, or a YAML file`,
  });
}
