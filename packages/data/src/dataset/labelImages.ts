import { InputError, type Issue, unknownName } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';
import { labelFindings, missingFindingNotes } from './labelFindings.js';
import { labelKey, spellLabels } from './labelSpelling.js';
import { naturalCompare } from './naturalCompare.js';

/** An image and the name of its class. */
export interface LabeledImage extends ListedImage {
  /** Task `multilabel`: its findings in words. */
  readonly className: string;
  /** Task `multilabel`: 1 present, 0 absent, -1 not known, for each of the classes. */
  readonly findings?: readonly number[];
}

/** Images with their classes, in the order of the listing. */
export interface LabeledImages {
  readonly images: readonly LabeledImage[];
  readonly classes: readonly string[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/** Maps labels to classes or findings according to the options; a label they do not cover is one issue, with its number of images. */
export function labelImages(
  {
    images,
    labels,
    labelOrder,
    findings,
  }: Pick<DatasetListing, 'images' | 'labels' | 'labelOrder' | 'findings'>,
  options: ResolvedDataOptions,
): LabeledImages {
  if (findings !== undefined) {
    const labeled = labelFindings({ images, form: findings }, options);
    return { ...labeled, notes: [...labeled.notes, ...missingFindingNotes(labeled)] };
  }
  const rule = createLabelRule({ ...options, labelOrder });
  const classOf = new Map<string, string | null>();
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label } of images) counts.set(label, (counts.get(label) ?? 0) + 1);
  const spelled = spellLabels(counts, {
    covered: coveredBy(options),
    folders: new Set(labels),
  });
  const issues: Issue[] = [...spelled.issues];
  for (const [label, spelling] of spelled.spellingOf) {
    try {
      classOf.set(label, rule.classOf(spelling));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const affected = images.filter((image) => image.label === label);
      issues.push({
        ...error.issues[0],
        path: affected[0]?.issuePath ?? `label "${label}"`,
        message: `${error.issues[0].message} (${countOf(affected.length, 'image')})`,
      });
    }
  }
  const labeled = images.flatMap((image): LabeledImage[] => {
    const className = classOf.get(image.label) ?? null;
    return className === null ? [] : [{ ...image, className }];
  });
  const found = [...classOf.values()].filter((name) => name !== null);
  return {
    images: labeled,
    classes: rule.order(found),
    issues,
    notes: [...spelled.notes, ...describeExcluded(images, classOf)],
  };
}

/** Whether the options say what a label means, so that no spelling of it has to be guessed. */
function coveredBy({
  labelMap,
  labelThresholds,
  classes,
}: ResolvedDataOptions): (label: string) => boolean {
  const named = [
    ...Object.keys(labelMap ?? {}),
    ...(labelMap === undefined ? (classes ?? []) : []),
  ];
  const keys = new Set(named.map(labelKey));
  return (label) => labelThresholds !== undefined || keys.has(labelKey(label));
}

function describeExcluded(
  images: readonly ListedImage[],
  classOf: ReadonlyMap<string, string | null>,
): string[] {
  const excluded = [...classOf].filter(([, name]) => name === null).map(([label]) => label);
  if (excluded.length === 0) return [];
  const count = images.filter((image) => excluded.includes(image.label)).length;
  return [
    `${countOf(count, 'image')} labeled ${excluded.map((label) => `"${label}"`).join(', ')} excluded by labelMap.`,
  ];
}

/** How the labels of a data set become its classes. */
interface LabelRule {
  /**
   * The class of a raw label; null if the options exclude it.
   * @throws InputError if no option covers the label
   */
  classOf(label: string): string | null;
  /** Class names in the order of their indices, given the classes that occur. */
  order(found: Iterable<string>): string[];
}

type LabelOptions = Pick<ResolvedDataOptions, 'labelMap' | 'labelThresholds' | 'classes'> & {
  readonly labelOrder?: readonly string[];
};

/** The rule given by `labelMap`, `labelThresholds` and `classes`; without them, each label is a class. */
function createLabelRule({
  labelMap,
  labelThresholds,
  classes,
  labelOrder = [],
}: LabelOptions): LabelRule {
  if (labelThresholds !== undefined)
    return thresholdRule(labelThresholds, classes ?? thresholdNames(labelThresholds));
  const inOrder = (found: Iterable<string>): string[] =>
    [...new Set(found)].sort(
      (a, b) => labelOrder.indexOf(a) - labelOrder.indexOf(b) || naturalCompare(a, b),
    );
  return {
    order: (found) => [...(classes ?? classesOfMap(labelMap) ?? inOrder(found))],
    classOf(label) {
      const name = labelMap === undefined ? nameIn(classes, label) : mapLabel(label, labelMap);
      if (name !== null && classes !== undefined && !classes.includes(name))
        throw unknownLabel(label, {
          message: `class "${name}" is not one of the classes`,
          known: classes,
        });
      return name;
    },
  };
}

/** The class that says the same as a label, if one does; otherwise the label. */
const nameIn = (classes: readonly string[] | undefined, label: string): string =>
  classes?.includes(label)
    ? label
    : (classes?.find((name) => labelKey(name) === labelKey(label)) ?? label);

function thresholdRule(limits: readonly number[], names: readonly string[]): LabelRule {
  return {
    order: () => [...names],
    classOf(label) {
      const value = Number(label);
      if (label.trim() === '' || Number.isNaN(value))
        throw new InputError({
          path: 'label',
          message: `label "${label}" is not a number`,
          hint: 'labelThresholds needs numeric labels',
        });
      return names[limits.filter((limit) => value >= limit).length];
    },
  };
}

const thresholdNames = (limits: readonly number[]): string[] => [
  `below ${limits[0]}`,
  ...limits.slice(0, -1).map((limit, i) => `${limit} to below ${limits[i + 1]}`),
  `${limits.at(-1)} and above`,
];

const classesOfMap = (map: ResolvedDataOptions['labelMap']): string[] | undefined =>
  map && [...new Set(Object.values(map))].filter((name) => name !== null);

function mapLabel(label: string, map: Readonly<Record<string, string | null>>): string | null {
  if (Object.hasOwn(map, label)) return map[label];
  const same = Object.keys(map).find((key) => labelKey(key) === labelKey(label));
  if (same !== undefined) return map[same];
  for (const [key, name] of Object.entries(map)) {
    const range = /^(-?\d+)\.\.(-?\d+)$/.exec(key);
    if (
      range !== null &&
      /^-?\d+(\.0*)?$/.test(label) &&
      Number(label) >= Number(range[1]) &&
      Number(label) <= Number(range[2])
    )
      return name;
  }
  throw unknownLabel(label, {
    message: `label "${label}" is not in labelMap`,
    known: Object.keys(map),
  });
}

function unknownLabel(
  label: string,
  { message, known }: { readonly message: string; readonly known: readonly string[] },
): InputError {
  // Between numeric grades, no name is "near" another.
  const issue = /[a-z]{3}/i.test(label)
    ? unknownName({ path: 'label', kind: 'label', name: label, known })
    : { path: 'label', hint: `known: ${known.join(', ')}` };
  return new InputError({ ...issue, message });
}
