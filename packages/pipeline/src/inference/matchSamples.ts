import { count, type Dataset, InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { labelKey, type LoaderSample } from '@nonlocal-med/data';
import type { ExportedModel } from './openExportedModel.js';

type Listed = Pick<Dataset, 'task' | 'classes' | 'samples'>;

/**
 * The samples of a data set with the labels of a model: the indices of its classes ({@link relabelSamples}), or one label
 * for each of its findings ({@link matchFindings}), both matched by name.
 * @param options.path of the data set, for errors
 * @throws InputError if the data set has another task than the model, or its classes or findings cannot be matched.
 */
export function matchSamples(
  dataset: Listed,
  { task, labels }: Pick<ExportedModel, 'task' | 'labels'>,
  { path, onNote }: { readonly path: string; readonly onNote?: (line: string) => void },
): LoaderSample[] {
  const given = dataset.task ?? 'multiclass';
  if (given !== task)
    throw new InputError(
      task === 'multilabel'
        ? {
            path,
            message: `has one class per image, and the model tells ${count(labels.length, 'finding')}: ${labels.join(', ')}`,
            hint: `a column of 0 and 1 per finding, such as --label-columns ${quoted(labels.join(','))}`,
          }
        : {
            path,
            message: `has several findings per image, and the model tells one of the classes ${labels.join(', ')}`,
            hint: 'one column with the class, such as --label-column class',
          },
    );
  if (task === 'multiclass') return relabelSamples(dataset, labels, path);
  const { samples, notes } = matchFindings(dataset, labels, path);
  notes.forEach((note) => onNote?.(note));
  return samples;
}

/**
 * The samples of a data set with one label for each finding of a model: that of the finding of the same name, or of one
 * that differs in spelling only (`labelKey`); -1, not known, where the data set lacks the finding.
 * @param findings of the model
 * @throws InputError if no finding of the data set is one of the model, or several are the same one.
 */
export function matchFindings(
  { classes, samples }: Listed,
  findings: readonly string[],
  path: string,
): { readonly samples: LoaderSample[]; readonly notes: readonly string[] } {
  const columns = findings.map((finding) => matchingColumns(finding, classes));
  const issues = columns.flatMap((found, index): Issue[] =>
    found.length > 1
      ? [
          {
            path,
            message: `its findings ${found.map((column) => `"${classes[column]}"`).join(' and ')} differ in spelling only, and the model has one finding "${findings[index]}"`,
            hint: 'leave one of them out',
          },
        ]
      : [],
  );
  if (columns.every((found) => found.length === 0))
    issues.push({
      path,
      message: `none of its findings (${classes.join(', ')}) is one of the model`,
      hint: `findings of the model: ${findings.join(', ')}; --label-map renames them, such as --label-map ${quoted(`${classes[0]}=${findings[0]}`)}`,
    });
  throwIssues(issues);
  const used = new Set(columns.flat());
  const unknown = classes.filter((_, column) => !used.has(column));
  const missing = findings.filter((_, index) => columns[index].length === 0);
  return {
    samples: samples.map((sample): LoaderSample => ({
      ...sample,
      findings: columns.map(([column]) =>
        column === undefined ? -1 : (sample.findings?.[column] ?? -1),
      ),
    })),
    notes: [
      ...(unknown.length === 0
        ? []
        : [`Findings that the model does not know are left out: ${unknown.join(', ')}.`]),
      ...(missing.length === 0
        ? []
        : [`Not tested, since the data set does not have them: ${missing.join(', ')}.`]),
    ],
  };
}

/** The column of that name, else those that say the same in another spelling. */
function matchingColumns(finding: string, classes: readonly string[]): number[] {
  if (classes.includes(finding)) return [classes.indexOf(finding)];
  const key = labelKey(finding);
  return [...classes.keys()].filter((column) => labelKey(classes[column]) === key);
}

/**
 * The samples of a data set with the label indices of a model. Classes are matched by what they say: the name itself, else
 * one that differs in spelling only, such as "0.0" for "0" and "TRUE" for "True" (`labelKey`).
 * @param labels classes of the model
 * @param path of the data set, for errors
 * @throws InputError if the data set has another task or a class that the model does not know, or one that may be several of its classes.
 */
export function relabelSamples(
  { classes, samples }: Pick<Dataset, 'classes' | 'samples'>,
  labels: readonly string[],
  path: string,
): LoaderSample[] {
  const present = [...new Set(samples.map(({ label }) => classes[label]))];
  const matches = new Map(present.map((name) => [name, matchingLabels(name, labels)]));
  const unknown = present.filter((name) => matches.get(name)!.length === 0);
  const known = `its classes: ${labels.join(', ')}`;
  const issues: Issue[] = [];
  for (const [name, found] of matches)
    if (found.length > 1)
      issues.push({
        path,
        message: `the class "${name}" may be ${found.map((label) => `"${label}"`).join(' or ')} of the model`,
        hint: `${known}; labelMap says which, such as --label-map ${quoted(`${name}=${found[0]}`)}`,
      });
  for (const label of labels) {
    const names = present.filter((name) => matches.get(name)![0] === label);
    if (names.length > 1)
      issues.push({
        path,
        message: `its classes ${names.map((name) => `"${name}"`).join(' and ')} differ in spelling only, and the model has one class "${label}"`,
        hint: `--label-map ${quoted(names.map((name) => `${name}=${label}`).join(','))} joins them`,
      });
  }
  if (unknown.length > 0)
    issues.push({
      path,
      message: `the model does not know the ${unknown.length === 1 ? 'class' : 'classes'} ${unknown.map((name) => `"${name}"`).join(', ')}`,
      hint: `${known}; labelMap renames classes, such as --label-map ${exampleMap(unknown, labels)}`,
    });
  throwIssues(issues);
  return samples.map((sample): LoaderSample => ({
    ...sample,
    label: labels.indexOf(matches.get(classes[sample.label])![0]),
  }));
}

/** The class of that name, else those that say the same in another spelling. */
function matchingLabels(name: string, labels: readonly string[]): string[] {
  if (labels.includes(name)) return [name];
  const key = labelKey(name);
  return labels.filter((label) => labelKey(label) === key);
}

/** `a=A,b=B`: each unknown class with the one of the same name in another case, if all have one; else the first one. */
function exampleMap(unknown: readonly string[], labels: readonly string[]): string {
  const plain = (name: string): string => name.normalize('NFC').toLowerCase();
  const pairs = unknown.map((name) => [name, labels.find((label) => plain(label) === plain(name))]);
  const known = pairs.every(([, label]) => label !== undefined);
  const text = (known ? pairs : [[unknown[0], labels[0]]]).map((pair) => pair.join('=')).join(',');
  return quoted(text);
}

/** As a shell takes it. */
const quoted = (text: string): string => (/[^\w,=.-]/.test(text) ? `'${text}'` : text);
