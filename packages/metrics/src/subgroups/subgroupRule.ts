import {
  attributeKey,
  findAttribute,
  InputError,
  type Issue,
  throwIssues,
  unknownName,
} from '@nonlocal-med/core';

/** How samples are divided into groups: by one attribute, or by several at once. */
export interface SubgroupRule {
  /** As it is written: `sex`, `age:0-40-60-120`, `sex+scanner`. */
  readonly name: string;
  /** At least one. */
  readonly parts: readonly SubgroupPart[];
}

/** One attribute of a {@link SubgroupRule}. */
export interface SubgroupPart {
  readonly attribute: string;
  /** Ascending limits between groups of numbers; absent for an attribute whose values are the groups. */
  readonly limits?: readonly number[];
}

/** Where ages are divided unless limits are given: children, and adults by decades of life that differ in disease. */
const AGE_LIMITS = [0, 18, 40, 65, 120];

/** With more different numbers, an attribute needs limits. */
const MOST_NUMBERS = 10;

/** More groups than this cannot be told apart in a table, and hardly any is large enough. */
const MOST_GROUPS = 20;

const EXAMPLE = 'names of attributes such as sex,scanner,age:0-40-60-120 or sex+scanner';

/**
 * Reads how to divide samples: attributes separated by commas, limits of numbers after a colon, attributes that are crossed
 * joined by a plus sign.
 * @param text such as `sex,scanner,age:0-40-60-120,sex+scanner`
 * @param path what issues call the text
 * @throws InputError that lists every part that cannot be read
 * @example
 * ```ts
 * import { parseSubgroupRules } from '@nonlocal-med/metrics';
 *
 * const [bySex, byAge] = parseSubgroupRules('sex,age:0-40-60-120');
 * console.log(bySex.parts[0].attribute, byAge.parts[0].limits?.join(' ')); // sex 0 40 60 120
 * ```
 */
export function parseSubgroupRules(text: string, path = '--by'): SubgroupRule[] {
  const issues: Issue[] = [];
  const rules = text.split(',').map((written): SubgroupRule => {
    const name = written.trim();
    return { name, parts: name.split('+').map((part) => parsePart(part.trim(), path, issues)) };
  });
  rules.forEach(({ name }, i) => {
    if (name !== '' && rules.findIndex((rule) => rule.name === name) < i)
      issues.push({ path, message: `"${name}" is listed twice` });
  });
  throwIssues(issues);
  return rules;
}

function parsePart(text: string, path: string, issues: Issue[]): SubgroupPart {
  const colon = text.lastIndexOf(':');
  const attribute = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (attribute === '') issues.push({ path, message: 'an attribute has no name', hint: EXAMPLE });
  if (colon < 0) return { attribute };
  const written = text.slice(colon + 1).trim();
  const limits = written.split('-').map((limit) => (limit.trim() === '' ? NaN : Number(limit)));
  const ascend = limits.every((limit, i) => i === 0 || limit > limits[i - 1]);
  if (limits.length < 2 || limits.some(Number.isNaN) || !ascend)
    issues.push({
      path,
      message: `"${written}" are not limits of ${attribute}`,
      hint: 'two or more ascending numbers, such as 0-40-60-120 for 0 to 39, 40 to 59 and 60 to 120',
    });
  return { attribute, limits };
}

/**
 * The same rules with the names of attributes as they are known, and with limits where numbers need them: `sex` finds
 * PatientSex, and ages without limits are divided at 18, 40 and 65.
 * @param attributes values by name, [count]; empty text means not known
 * @throws InputError for attributes that do not exist, and for those with too many values to be groups
 */
export function resolveSubgroupRules(
  rules: readonly SubgroupRule[],
  attributes: Readonly<Record<string, readonly string[]>>,
  path = '--by',
): SubgroupRule[] {
  const known = Object.keys(attributes);
  const issues: Issue[] = [];
  const resolved = rules.map((rule) => ({
    ...rule,
    parts: rule.parts.map((part): SubgroupPart => {
      const attribute = findAttribute(part.attribute, known);
      if (attribute === undefined) {
        issues.push(
          known.length === 0
            ? { path, message: `there is no attribute "${part.attribute}": none was kept` }
            : unknownName({ path, kind: 'attribute', name: part.attribute, known }),
        );
        return part;
      }
      try {
        const values = attributes[attribute];
        if (part.limits !== undefined) requireKnownSide(attribute, part.limits, values);
        return { attribute, limits: part.limits ?? neededLimits(attribute, values) };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        issues.push({ ...error.issues[0], path });
        return part;
      }
    }),
  }));
  throwIssues(issues);
  return resolved;
}

/**
 * One rule for each attribute that can be divided without being asked how: those with two values or more, but not too many.
 * @param attributes values by name, [count]; empty text means not known
 */
export function defaultSubgroupRules(
  attributes: Readonly<Record<string, readonly string[]>>,
): SubgroupRule[] {
  return Object.entries(attributes).flatMap(([attribute, values]) => {
    try {
      const limits = neededLimits(attribute, values);
      const several = new Set(values.filter((value) => value !== '')).size > 1;
      return several ? [{ name: attribute, parts: [{ attribute, limits }] }] : [];
    } catch {
      return [];
    }
  });
}

/** @throws InputError where an attribute has too many values to be groups */
function neededLimits(attribute: string, values: readonly string[]): readonly number[] | undefined {
  const different = [...new Set(values.filter((value) => value !== ''))];
  const numbers = different.map(attributeNumber).filter((value) => value !== null);
  const areNumbers = numbers.length > different.length / 2;
  if (areNumbers && attributeKey(attribute) === 'age') return AGE_LIMITS;
  if (areNumbers && numbers.length > MOST_NUMBERS) {
    const limits = [0, 1 / 3, 2 / 3, 1].map((share) => quantileOf(numbers, share));
    throw new InputError({
      path: '',
      message: `"${attribute}" has ${different.length} different numbers, and no limits between groups`,
      hint: `for example ${attribute}:${[...new Set(limits)].join('-')}`,
    });
  }
  if (different.length > MOST_GROUPS)
    throw new InputError({
      path: '',
      message: `"${attribute}" has ${different.length} different values`,
      hint: `an attribute with at most ${MOST_GROUPS}`,
    });
  return undefined;
}

/** @throws InputError where a limit lies among values such as `90+`, so that their group is not known */
function requireKnownSide(
  attribute: string,
  limits: readonly number[],
  values: readonly string[],
): void {
  const open = values.find((value) => value.endsWith('+') && attributeNumber(value) !== null);
  const from = Number.parseFloat(open ?? '');
  const inner = limits.slice(1, -1).find((limit) => limit > from);
  if (inner !== undefined)
    throw new InputError({
      path: '',
      message: `${attribute} contains "${open}", which may be below or above the limit ${inner}`,
      hint: `no limit between ${from} and the last one`,
    });
}

const quantileOf = (numbers: readonly number[], share: number): number =>
  [...numbers].sort((a, b) => a - b)[Math.round(share * (numbers.length - 1))];

/** The number that a value says, null if none; `90+`, as ages above 89 are kept, is just above 90. */
export function attributeNumber(value: string): number | null {
  const [, number, orMore] = /^([+-]?\d+(?:\.\d+)?)(\+?)$/.exec(value.trim()) ?? [];
  if (number === undefined) return null;
  return orMore === '+' ? Number(number) + 1e-9 : Number(number);
}
