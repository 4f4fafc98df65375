import {
  count as countOf,
  type CsvOptions,
  csvText,
  type FindingPredictions,
  InputError,
  type Issue,
  parseCsv,
  type Predictions,
  throwIssues,
} from '@nonlocal-med/core';

/** Values of attributes by image and attribute; empty text where one is not known. */
type RecordedAttributes = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * What is known of the images of predictions besides their labels, as CSV: `id`, then one column per attribute. Beside the
 * predictions, whose columns after the truth are classes, this is what pandas and R join by `id`.
 * @returns null if the predictions have no attributes
 */
export function attributesToCsv(
  { ids, attributes = {} }: Predictions | FindingPredictions,
  options?: CsvOptions,
): string | null {
  const columns = Object.entries(attributes);
  if (columns.length === 0) return null;
  const rows = ids.map((id, i) => [id, ...columns.map(([, values]) => values[i])]);
  return csvText([['id', ...columns.map(([name]) => name)], ...rows], options);
}

/**
 * Reads the CSV that {@link attributesToCsv} writes.
 * @param path what errors call the text, usually a file name
 * @throws InputError that lists every issue with its line: a wrong header, wrong numbers of fields, duplicate ids
 */
export function attributesFromCsv(text: string, path: string): RecordedAttributes {
  const [header, ...records] = parseCsv(text, { path });
  const [id, ...names] = header?.fields ?? [];
  if (id !== 'id' || names.length === 0 || new Set(names).size < names.length)
    throw new InputError({
      path: `${path}:1`,
      message: `the header is "${header?.fields.join(',') ?? ''}"`,
      hint: 'id, then the names of attributes, all different',
    });
  const issues: Issue[] = [];
  const attributes = new Map<string, Readonly<Record<string, string>>>();
  for (const { line, fields } of records) {
    const [image, ...values] = fields;
    if (values.length !== names.length)
      issues.push({
        path: `${path}:${line}`,
        message: countOf(fields.length, 'field'),
        hint: `${names.length + 1}, as in the header`,
      });
    else if (attributes.has(image))
      issues.push({ path: `${path}:${line}`, message: `id "${image}" is listed twice` });
    else attributes.set(image, Object.fromEntries(names.map((name, i) => [name, values[i]])));
  }
  throwIssues(issues);
  return attributes;
}

/** Predictions with the attributes that their run recorded; those of an image that is not listed are not known. */
export function withRecordedAttributes<P extends Predictions | FindingPredictions>(
  predictions: P,
  recorded: RecordedAttributes | null,
): P {
  if (recorded === null || recorded.size === 0) return predictions;
  const names = Object.keys(recorded.values().next().value!);
  return {
    ...predictions,
    attributes: Object.fromEntries(
      names.map((name) => [name, predictions.ids.map((id) => recorded.get(id)?.[name] ?? '')]),
    ),
  };
}
