import { type Issue, throwIssues } from '@nonlocal-med/core';
import { gatherTexts, leaveTogether, type TrainingCluster } from './exchange.js';

/** Characters of a value that are shown. */
const SHOWN = 60;

/**
 * Compares what must be equal for all members before they train together: data, options, versions.
 * @param facts by name, with nested objects: values of JSON
 * @throws InputError on every member, with each fact that differs, its values, and the members that have them.
 */
export async function requireAgreement(
  cluster: TrainingCluster,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  const texts = await gatherTexts(cluster, JSON.stringify([...flatten('', facts)]));
  const [first, ...others] = texts.map((text) => new Map(JSON.parse(text) as [string, string][]));
  const issues: Issue[] = [];
  others.forEach((other, index) => {
    for (const path of new Set([...first.keys(), ...other.keys()]))
      if (first.get(path) !== other.get(path))
        issues.push({
          path,
          message: `is ${shown(other.get(path))} for member ${index + 1} (${cluster.members[index + 1]})`,
          hint: `${shown(first.get(path))}, as for member 0: all members need the same data and options`,
        });
  });
  if (issues.length > 0) await leaveTogether(cluster);
  throwIssues(issues);
}

function* flatten(path: string, value: unknown): Generator<[string, string]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (value !== undefined) yield [path, JSON.stringify(value)];
    return;
  }
  for (const [name, part] of Object.entries(value))
    yield* flatten(path === '' ? name : `${path}.${name}`, part);
}

const shown = (text = 'not given'): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
