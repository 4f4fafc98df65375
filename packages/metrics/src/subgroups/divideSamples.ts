import { attributeNumber, type SubgroupPart, type SubgroupRule } from './subgroupRule.js';

/** Samples that share a value of an attribute. */
export interface SampleGroup {
  /** `F`, `40 to <60`, `F, GE`; `not known`, `outside 0 to 120`. */
  readonly name: string;
  /** False where the value is missing, or outside the limits: such samples are listed, but not compared. */
  readonly known: boolean;
  /** Its samples, in ascending order. */
  readonly rows: readonly number[];
}

/** What the group of missing values is called. */
const NOT_KNOWN = 'not known';

/**
 * Divides samples into groups by a rule that has been resolved: numbers by their limits in ascending order, other values in
 * natural order; samples without a value, or with one outside the limits, come last. Groups without samples are left out.
 * @param attributes values by name, [count]; empty text means not known
 */
export function divideSamples(
  rule: SubgroupRule,
  attributes: Readonly<Record<string, readonly string[]>>,
): SampleGroup[] {
  const parts = rule.parts.map((part) =>
    attributes[part.attribute].map((value) => placeValue(value, part)),
  );
  const groups = new Map<string, { places: readonly Place[]; rows: number[] }>();
  parts[0].forEach((_, row) => {
    const places = parts.map((part) => part[row]);
    const missing = places.find(({ known }) => !known);
    const key = missing?.name ?? places.map(({ name }) => name).join(', ');
    const group = groups.get(key) ?? {
      places: missing === undefined ? places : [missing],
      rows: [],
    };
    group.rows.push(row);
    groups.set(key, group);
  });
  return [...groups]
    .sort(([, a], [, b]) => comparePlaces(a.places, b.places))
    .map(([name, { places, rows }]) => ({ name, known: places.every(({ known }) => known), rows }));
}

/** The group of one value. */
interface Place {
  readonly name: string;
  readonly known: boolean;
  /** Position among the groups of limits; 0 where values are the groups. */
  readonly rank: number;
}

function placeValue(value: string, { limits }: SubgroupPart): Place {
  const missing: Place = { name: NOT_KNOWN, known: false, rank: Infinity };
  if (value === '') return missing;
  if (limits === undefined) return { name: value, known: true, rank: 0 };
  const number = attributeNumber(value);
  if (number === null) return missing;
  const last = limits.length - 1;
  if (number < limits[0] || number > limits[last])
    return { name: `outside ${limits[0]} to ${limits[last]}`, known: false, rank: last };
  // The last group includes its upper limit.
  const rank = Math.min(
    last - 1,
    limits.findLastIndex((limit) => number >= limit),
  );
  const upper = rank === last - 1 ? limits[last] : `<${limits[rank + 1]}`;
  return { name: `${limits[rank]} to ${upper}`, known: true, rank };
}

/** Known groups first, by rank, then by name: numbers in names by their value. */
function comparePlaces(a: readonly Place[], b: readonly Place[]): number {
  if (a.some(({ known }) => !known) || b.some(({ known }) => !known)) return rankOf(a) - rankOf(b);
  for (let i = 0; i < a.length; i++) {
    const order =
      a[i].rank - b[i].rank || a[i].name.localeCompare(b[i].name, 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}

/** Of groups that may be unknown: known ones before those outside limits, and these before missing values. */
const rankOf = (places: readonly Place[]): number => {
  const unknown = places.find(({ known }) => !known);
  if (unknown === undefined) return 0;
  return unknown.rank === Infinity ? 2 : 1;
};
