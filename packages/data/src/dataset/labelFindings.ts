import { type Issue, unknownName } from '@nonlocal-med/core';
import {
  absenceNotes,
  type FindingLabels,
  findingsText,
  readColumnLabels,
  readListLabels,
} from '../findings/findingLabels.js';
import { countOf } from '../noteText.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, FindingForm } from './datasetListing.js';
import type { LabeledImage, LabeledImages } from './labelImages.js';

type Named = Pick<DatasetListing['images'][number], 'issuePath' | 'label' | 'findingCells'>;

/**
 * Gives images their findings as the options say. `labelMap` renames findings, joins several into one, and leaves out those
 * that it maps to null. The class name of each image is its findings in words.
 */
export function labelFindings<I extends Named>(
  { images, form }: { readonly images: readonly I[]; readonly form: FindingForm },
  options: Pick<
    ResolvedDataOptions,
    'labelMap' | 'labelSeparator' | 'noFinding' | 'findings' | 'uncertain' | 'blank'
  >,
): Omit<LabeledImages, 'images'> & {
  readonly images: readonly (I & Pick<LabeledImage, 'className' | 'findings'>)[];
} {
  const { labelMap, blank = form.blank } = options;
  const cells = images.map(({ issuePath, label, findingCells }) => ({
    path: issuePath,
    cells: findingCells ?? [label],
  }));
  const read =
    form.columns === undefined
      ? readListLabels(cells, {
          ...options,
          blank,
          column: form.column,
          known: knownOf(form, options),
        })
      : readColumnLabels(cells, { ...options, blank, findings: form.columns });
  const mapped = mapFindings(read, { labelMap, order: options.findings });
  return {
    images: images.map((image, i) => ({
      ...image,
      className: findingsText(mapped.labels[i], mapped.findings),
      findings: mapped.labels[i],
    })),
    classes: mapped.findings,
    issues: [...mapped.issues],
    notes: mapped.notes,
  };
}

/** Findings that no image of a data set has, and images of which nothing is known, one sentence each. */
export const missingFindingNotes = ({
  images,
  classes,
}: {
  readonly images: readonly Pick<LabeledImage, 'findings'>[];
  readonly classes: readonly string[];
}): string[] => {
  const labels = images.map(({ findings = [] }) => findings);
  return [...absenceNotes(classes, labels), ...unknownNotes(labels)];
};

/** The labels that a column may list: those of the option or of the data set, and those that the map renames. */
function knownOf(
  { known }: FindingForm,
  { findings, labelMap = {} }: Pick<ResolvedDataOptions, 'findings' | 'labelMap'>,
): readonly string[] | undefined {
  if (findings === undefined) return known;
  return [...new Set([...findings, ...Object.keys(labelMap)])];
}

/**
 * Findings by the names that a map gives them, in the order of the options, else of the map's names where they first occur.
 * Of several that become one, it is present where any of them is, and absent where all of them are.
 */
function mapFindings(
  { findings, labels, issues, notes }: FindingLabels,
  {
    labelMap = {},
    order,
  }: {
    readonly labelMap?: ResolvedDataOptions['labelMap'];
    readonly order?: readonly string[];
  },
): FindingLabels {
  const nameOf = (name: string): string | null =>
    Object.hasOwn(labelMap, name) ? labelMap[name] : name;
  const kept = findings.map(nameOf).filter((name) => name !== null);
  const names = order ?? [...new Set(kept)];
  const sources = names.map((name) =>
    findings.flatMap((source, f) => (nameOf(source) === name ? [f] : [])),
  );
  const leftOut = findings.filter((name) => nameOf(name) === null);
  return {
    findings: names,
    labels: labels.map((row) => sources.map((columns) => joinLabels(columns.map((f) => row[f])))),
    issues: [
      ...issues,
      ...Object.keys(labelMap)
        .filter((name) => !findings.includes(name))
        .map((name) => ({
          ...unknownName({ path: 'data.labelMap', kind: 'finding', name, known: findings }),
        })),
      ...[...new Set(kept)]
        .filter((name) => !names.includes(name))
        .map((name): Issue => ({
          path: 'data.labelMap',
          message: `"${name}" is not one of the findings`,
          hint: `data.findings: ${names.join(', ')}`,
        })),
      ...(names.length > 0 || findings.length === 0
        ? []
        : [{ path: 'data.labelMap', message: 'leaves out every finding' }]),
    ],
    notes: [
      ...notes,
      ...(leftOut.length === 0
        ? []
        : [
            `${countOf(leftOut.length, 'finding')} left out by labelMap: ${leftOut.map((name) => `"${name}"`).join(', ')}.`,
          ]),
      ...sources.flatMap((columns, i) =>
        columns.length < 2
          ? []
          : [
              `"${names[i]}" is present where ${columns.map((f) => `"${findings[f]}"`).join(' or ')} is (labelMap).`,
            ],
      ),
    ],
  };
}

function joinLabels(labels: readonly number[]): number {
  if (labels.includes(1)) return 1;
  return labels.includes(-1) ? -1 : 0;
}

/** Images of which nothing is known take part in nothing. */
function unknownNotes(labels: readonly (readonly number[])[]): string[] {
  const count = labels.filter((row) => row.every((label) => label === -1)).length;
  return count === 0
    ? []
    : [
        `${countOf(count, 'image')} without any known finding: nothing is learned from ${count === 1 ? 'it' : 'them'}, and ${count === 1 ? 'it is' : 'they are'} not tested.`,
      ];
}
