import { attributeKey, findAttribute, type Issue } from '@nonlocal-med/core';
import type { ListedImage } from '../dataset/datasetListing.js';
import { isPlaceholder } from '../dataset/labelSpelling.js';
import { identifyingIssue, unavailableAttribute } from './attributeColumns.js';

/** Images whose attributes identify nobody. */
export interface KeptAttributes<I> {
  /** Every image has all attributes, or none has any. */
  readonly images: readonly I[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/** The oldest age that is kept; in a data set, older people may be known by their age. */
const OLDEST = 89;

/** With more different texts, a column may describe each person. */
const MOST_TEXTS = 20;

/**
 * Prepares the attributes of images to be kept: ages in whole years, those above 89 as `90+`; placeholders such as "n/a" as
 * not known (empty). Columns whose values look like dates, identifiers or free text are left out, or an issue if they were
 * requested.
 * @param options.wanted names that were requested; absent if attributes are those that were recognized
 * @param options.names names that could have been requested
 */
export function keepAttributes<I extends Pick<ListedImage, 'attributes'>>(
  images: readonly I[],
  {
    wanted,
    names = [],
  }: { readonly wanted?: readonly string[]; readonly names?: readonly string[] },
): KeptAttributes<I> {
  const carried = [...new Set(images.flatMap(({ attributes }) => Object.keys(attributes ?? {})))];
  const missing = (wanted ?? []).filter(
    (name) => findAttribute(name, [...carried, ...names]) === undefined,
  );
  const columns = carried.map((name) => ({
    name,
    values: images.map(({ attributes }) => cleanValue(name, attributes?.[name] ?? '')),
  }));
  const unsafe = columns.filter(({ name, values }) => mayIdentify(name, values));
  const kept = columns.filter(
    (column) => !unsafe.includes(column) && column.values.some((value) => value !== ''),
  );
  return {
    images:
      carried.length === 0
        ? images
        : images.map((image, i) => ({
            ...image,
            attributes:
              kept.length === 0
                ? undefined
                : Object.fromEntries(kept.map(({ name, values }) => [name, values[i]])),
          })),
    issues:
      wanted === undefined
        ? []
        : [
            ...unsafe.map(({ name }) => identifyingIssue(name)),
            ...missing.map((name) => unavailableAttribute(name, names)),
          ],
    notes: [
      ...(kept.length === 0 ? [] : [describeKept(kept.map(({ name }) => name))]),
      ...(wanted !== undefined || unsafe.length === 0
        ? []
        : [
            `Not kept, because the values may identify patients: ${unsafe.map(({ name }) => name).join(', ')}.`,
          ]),
    ],
  };
}

function describeKept(names: readonly string[]): string {
  const ages = names.some((name) => attributeKey(name) === 'age')
    ? ', ages in whole years and 90+ above 89'
    : '';
  return `Kept with the predictions, for results by subgroup: ${names.join(', ')}${ages} (--attributes chooses others, or none).`;
}

function cleanValue(name: string, value: string): string {
  const text = value.trim();
  if (isPlaceholder(text) || /^(?:unknown|not known|missing)$/i.test(text)) return '';
  return attributeKey(name) === 'age' ? wholeYears(text) : text;
}

/** Years in each unit of a DICOM age string: 045Y, 018M, 006W, 010D. */
const UNITS: Readonly<Record<string, number>> = { Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 };

/** An age in whole years, `90+` above 89; text that is not an age stays, unless it contains a larger number. */
function wholeYears(text: string): string {
  const [, number, unit = 'Y'] = /^(\d+(?:\.\d*)?)\s*([YMWD]?)(?:ears?|rs?)?$/i.exec(text) ?? [];
  if (number !== undefined) {
    const years = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? 1));
    return years > OLDEST ? `${OLDEST + 1}+` : String(years);
  }
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  return numbers.some((years) => years > OLDEST) ? `${OLDEST + 1}+` : text;
}

/** Whether values are mostly dates, long numbers that are all different, or many different texts. */
function mayIdentify(name: string, values: readonly string[]): boolean {
  const known = values.filter((value) => value !== '');
  const different = new Set(known).size;
  const share = (test: (value: string) => boolean): number =>
    known.filter(test).length / Math.max(1, known.length);
  if (share(isDate) > 0.5) return true;
  const mostlyDifferent = different > MOST_TEXTS && different > known.length / 2;
  if (!mostlyDifferent || attributeKey(name) === 'age') return false;
  const isNumber = (value: string): boolean => /^[+-]?\d+(?:\.\d+)?$/.test(value);
  return share(isNumber) < 0.5 || share((value) => /^\d{5,}$/.test(value)) > 0.5;
}

const isDate = (value: string): boolean =>
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(value) ||
  /^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})$/.test(value) ||
  /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$/.test(value);
