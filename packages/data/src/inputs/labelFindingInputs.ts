import { type Issue, throwIssues, unknownName } from '@nonlocal-med/core';
import type { DataOptions } from '../dataset/dataOptionsSchema.js';
import type { FindingForm } from '../dataset/datasetListing.js';
import { groupBy } from '../dataset/groupBy.js';
import { labelFindings } from '../dataset/labelFindings.js';
import { countOf, shortList } from '../noteText.js';
import type { InputLabels } from './labelInputs.js';
import type { InputImage } from './listInputs.js';

/** How manifests of images to predict tell findings; the same options as those of a data set. */
export type FindingInputOptions = Pick<
  DataOptions,
  'labelSeparator' | 'noFinding' | 'uncertain' | 'blank'
> & {
  /** Other labels, as in the options of a data set; null excludes images, or leaves a finding out. */
  readonly labelMap?: Readonly<Record<string, string | null>>;
};

/** An image with what tells its findings, and its place in the results. */
interface Told {
  readonly row: number;
  readonly issuePath: string;
  readonly label: string;
  readonly findingCells?: readonly string[];
}

/**
 * The true findings of images, by the names of a model's findings: in a column each, of which a manifest may have a part,
 * or listed in a label. What a manifest does not tell is not known.
 * @throws InputError if a label is none of the findings and not in the map
 */
export function labelFindingInputs(
  images: readonly InputImage[],
  { findings, ...options }: FindingInputOptions & { readonly findings: readonly string[] },
): InputLabels {
  const labels = new Int32Array(images.length * findings.length).fill(-1); // [images, findings]
  const issues: Issue[] = [];
  const notes: string[] = [];
  const read = (told: readonly Told[], form: FindingForm): void => {
    // Entries of the map for another manifest are no mistake here.
    const { labelMap = {}, ...rest } = options;
    const known = form.columns ?? Object.keys(labelMap);
    const map = Object.fromEntries(
      Object.entries(labelMap).filter(([name]) => known.includes(name)),
    );
    const labeled = labelFindings(
      { images: told, form },
      {
        ...rest,
        labelMap: map,
        ...(form.columns === undefined ? { findings: [...findings] } : {}),
      },
    );
    issues.push(
      ...labeled.issues,
      ...labeled.classes
        .filter((name) => !findings.includes(name))
        .map((name) => unknownName({ path: form.column, kind: 'finding', name, known: findings })),
    );
    notes.push(...labeled.notes);
    for (const { row, findings: known = [] } of labeled.images)
      labeled.classes.forEach((name, f) => {
        const index = findings.indexOf(name);
        if (index >= 0) labels[row * findings.length + index] = known[f];
      });
  };
  const withColumns = images.flatMap(
    ({ id, findingCells }, row) =>
    findingCells === undefined
      ? []
      : [{ row, issuePath: id, label: '', names: Object.keys(findingCells), findingCells: Object.values(findingCells) }], // prettier-ignore
  );
  for (const told of groupBy(withColumns, ({ names }) => JSON.stringify(names)).values())
    read(told, { column: 'the columns of findings', columns: told[0].names });
  const listed = images.flatMap(({ id, label, findingCells }, row): Told[] =>
    label === undefined || findingCells !== undefined ? [] : [{ row, issuePath: id, label }],
  );
  if (listed.length > 0) read(listed, { column: 'the label column' });
  throwIssues(labelsWithAdvice(issues));
  const told = new Set([...withColumns, ...listed].map(({ row }) => row));
  const without = images.filter((_, row) => !told.has(row)).map(({ id }) => id);
  if (told.size > 0 && without.length > 0)
    notes.push(`${countOf(without.length, 'image')} without a label: ${shortList(without)}.`);
  return { labels, notes };
}

/** Issues about labels of images to predict, with what to do about labels that the model does not know. */
export const labelsWithAdvice = (issues: readonly Issue[]): Issue[] =>
  issues.map(({ hint, ...issue }) => ({
    ...issue,
    hint: `${hint === undefined ? '' : `${hint}; `}--label-map renames labels; --ignore-labels only predicts`,
  }));
