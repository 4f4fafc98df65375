import type { Issue } from '@nonlocal-med/core';
import { isPlainObject } from '@nonlocal-med/pipeline';
import type { ResolvedExperiment } from './experimentSchema.js';

/** What is wrong with an experiment's rows beside their options. */
export function rowIssues(rows: ResolvedExperiment['rows']): Issue[] {
  const keys = rows.map(({ key }) => key);
  const trained = rows.filter(({ reproduced }) => reproduced).map(({ key }) => key);
  return rows
    .flatMap(({ key, baseline, reproduced, options }, index): Issue[] => {
      const where = `rows.${index}`;
      return [
        // Folders of one name differ in case on some file systems and not on others.
        ...(keys.slice(0, index).some((other) => other.toLowerCase() === key.toLowerCase())
          ? [
              {
                path: `${where}.key`,
                message: `"${key}" stands twice`,
                hint: 'a key of its own for every row',
              },
            ]
          : []),
        ...(typeof baseline === 'string' && (baseline === key || !keys.includes(baseline))
          ? [
              {
                path: `${where}.baseline`,
                message: `got "${baseline}"`,
                hint: `another row's key, or null: ${keys.filter((other) => other !== key).join(', ')}`,
              },
            ]
          : []),
        ...(isPlainObject(options) && ['seed', 'split', 'data'].some((name) => name in options)
          ? [
              {
                path: `${where}.options`,
                message: `sets ${['seed', 'split', 'data'].filter((name) => name in options).join(', ')}`,
                hint: 'set it in base: rows are compared on the same test images',
              },
            ]
          : []),
        ...(!reproduced && Object.keys(options).length > 0
          ? [
              {
                path: `${where}.options`,
                message: 'stands at a row that is not trained',
                hint: 'no options, or reproduced: true',
              },
            ]
          : []),
      ];
    })
    .concat(
      trained.length === 0
        ? [
            {
              path: 'rows',
              message: 'none of them is trained',
              hint: 'at least one row without reproduced: false',
            },
          ]
        : [],
    );
}
