import {
  csvText,
  InputError,
  type Issue,
  parseCsv,
  type TaskPredictions,
  throwIssues,
} from '@nonlocal-med/core';

const HEADER = 'id,group';

/**
 * The groups (patients) of predictions as CSV, `id,group`: with them every reader of a run resamples whole patients, as
 * its `metrics.json` does.
 * @returns null if the predictions have no groups
 */
export function groupsToCsv({ ids, groups }: TaskPredictions): string | null {
  if (groups === undefined) return null;
  return csvText([HEADER.split(','), ...ids.map((id, i) => [id, groups[i]])]);
}

/**
 * Reads the CSV that {@link groupsToCsv} writes: the group of each image by its id.
 * @param path what errors call the text, usually a file name
 * @throws InputError that lists every issue with its line: a wrong header, wrong numbers of fields, duplicate ids
 */
export function groupsFromCsv(text: string, path: string): ReadonlyMap<string, string> {
  const [header, ...records] = parseCsv(text, { path });
  if (header?.fields.join() !== HEADER)
    throw new InputError({
      path: `${path}:1`,
      message: `the header is "${header?.fields.join(',') ?? ''}"`,
      hint: HEADER,
    });
  const issues: Issue[] = [];
  const groups = new Map<string, string>();
  for (const { line, fields } of records) {
    const [id, group] = fields;
    if (fields.length !== 2)
      issues.push({
        path: `${path}:${line}`,
        message: `${fields.length} fields`,
        hint: '2, as in the header',
      });
    else if (groups.has(id))
      issues.push({ path: `${path}:${line}`, message: `id "${id}" is listed twice` });
    else groups.set(id, group);
  }
  throwIssues(issues);
  return groups;
}

/** Predictions with the groups that their run recorded; an image that is not listed is a group of its own. */
export function withRecordedGroups<P extends TaskPredictions>(
  predictions: P,
  groups: ReadonlyMap<string, string> | null,
): P {
  if (groups === null) return predictions;
  return { ...predictions, groups: predictions.ids.map((id) => groups.get(id) ?? `image ${id}`) };
}
