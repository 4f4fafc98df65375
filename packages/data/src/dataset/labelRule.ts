import { InputError, suggestName } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import { naturalCompare } from './naturalCompare.js';

/** From the labels of a data set to its classes. */
export interface LabelRule {
  /**
   * The class of a raw label; null where the options leave it out.
   * @throws InputError when no option says what the label is.
   */
  classOf(label: string): string | null;
  /** Class names in the order of their indices, given the classes that occur. */
  order(found: Iterable<string>): string[];
}

type LabelOptions = Pick<ResolvedDataOptions, 'labelMap' | 'labelThresholds' | 'classes'> & {
  readonly labelOrder?: readonly string[];
};

/** The rule that `labelMap`, `labelThresholds` and `classes` describe; without them a label is its own class. */
export function createLabelRule({
  labelMap,
  labelThresholds,
  classes,
  labelOrder = [],
}: LabelOptions): LabelRule {
  if (labelThresholds !== undefined)
    return thresholdRule(labelThresholds, classes ?? thresholdNames(labelThresholds));
  const order = (found: Iterable<string>): string[] => [
    ...(classes ??
      mapOrder(labelMap) ??
      [...new Set(found)].sort(
        (a, b) => labelOrder.indexOf(a) - labelOrder.indexOf(b) || naturalCompare(a, b),
      )),
  ];
  const classOf =
    labelMap === undefined
      ? (label: string) => label
      : (label: string) => mapLabel(label, labelMap);
  return {
    order,
    classOf(label) {
      const name = classOf(label);
      if (name !== null && classes !== undefined && !classes.includes(name))
        throw unknownLabel(label, {
          what: `class "${name}" is not one of the classes`,
          known: classes,
        });
      return name;
    },
  };
}

function thresholdRule(limits: readonly number[], names: readonly string[]): LabelRule {
  return {
    order: () => [...names],
    classOf(label) {
      const value = Number(label);
      if (label.trim() === '' || Number.isNaN(value))
        throw new InputError({
          path: 'label',
          message: `label "${label}" is no number`,
          hint: 'labelThresholds takes numeric labels',
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

const mapOrder = (map: ResolvedDataOptions['labelMap']): string[] | undefined =>
  map && [...new Set(Object.values(map))].filter((name) => name !== null);

function mapLabel(label: string, map: Readonly<Record<string, string | null>>): string | null {
  if (Object.hasOwn(map, label)) return map[label];
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
    what: `label "${label}" is not in labelMap`,
    known: Object.keys(map),
  });
}

function unknownLabel(
  label: string,
  { what, known }: { what: string; known: readonly string[] },
): InputError {
  const near = /[a-z]{3}/i.test(label) ? suggestName(label, known) : undefined; // between grades, nothing is "near"
  return new InputError({
    path: 'label',
    message: what,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${known.join(', ')}`,
  });
}
