import type { Fault } from '@nonlocal-med/core';
import { isPlainObject } from '../config/mergeOptions.js';
import type { ResolvedExperiment } from './experimentSchema.js';

/** What is wrong with an experiment's rows beside their options. */
export function rowFaults(rows: ResolvedExperiment['rows']): Fault[] {
  const keys = rows.map(({ key }) => key);
  const trained = rows.filter(({ reproduced }) => reproduced).map(({ key }) => key);
  return rows
    .flatMap(({ key, baseline, reproduced, options }, index): Fault[] => {
      const where = `rows.${index}`;
      return [
        // Folders of one name differ in case on some file systems and not on others.
        ...(keys.slice(0, index).some((other) => other.toLowerCase() === key.toLowerCase())
          ? [
              {
                where: `${where}.key`,
                what: `"${key}" stands twice`,
                allowed: 'a key of its own for every row',
              },
            ]
          : []),
        ...(typeof baseline === 'string' && (baseline === key || !keys.includes(baseline))
          ? [
              {
                where: `${where}.baseline`,
                what: `got "${baseline}"`,
                allowed: `another row's key, or null: ${keys.filter((other) => other !== key).join(', ')}`,
              },
            ]
          : []),
        ...(isPlainObject(options) && ['seed', 'split', 'data'].some((name) => name in options)
          ? [
              {
                where: `${where}.options`,
                what: `sets ${['seed', 'split', 'data'].filter((name) => name in options).join(', ')}`,
                allowed: 'set it in base: rows are compared on the same test images',
              },
            ]
          : []),
        ...(!reproduced && Object.keys(options).length > 0
          ? [
              {
                where: `${where}.options`,
                what: 'stands at a row that is not trained',
                allowed: 'no options, or reproduced: true',
              },
            ]
          : []),
      ];
    })
    .concat(
      trained.length === 0
        ? [
            {
              where: 'rows',
              what: 'none of them is trained',
              allowed: 'at least one row without reproduced: false',
            },
          ]
        : [],
    );
}
