import type { OptionSpec } from './optionSpec.js';

/** A value that passed, or what is wrong with it. */
export type CheckedOption =
  { readonly value: unknown } | { readonly message: string; readonly hint: string };

/** Checks one value; a choice may come as text ("0.5"), as command lines give it. */
export function checkOption(spec: OptionSpec, value: unknown): CheckedOption {
  switch (spec.kind) {
    case 'choice': {
      const choice = spec.choices.find(
        (candidate) => candidate === value || String(candidate) === value,
      );
      return choice === undefined
        ? refuse(value, `one of ${spec.choices.join(', ')}`)
        : { value: choice };
    }
    case 'integer':
    case 'number': {
      const { minimum, maximum = Infinity } = spec;
      const fits =
        typeof value === 'number' &&
        Number.isFinite(value) &&
        value >= minimum &&
        value <= maximum &&
        (spec.kind === 'number' || Number.isInteger(value));
      return fits
        ? { value }
        : refuse(
            value,
            `a ${spec.kind === 'integer' ? 'whole ' : ''}number ${maximum === Infinity ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`}`,
          );
    }
    case 'boolean':
      return typeof value === 'boolean' ? { value } : refuse(value, 'true or false');
    case 'list': {
      const fits =
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((item) => spec.choices.includes(item as string)) &&
        new Set(value).size === value.length;
      return fits
        ? { value: [...(value as string[])] }
        : refuse(value, `a list of different values of ${spec.choices.join(', ')}`);
    }
    case 'size': {
      const sides = typeof value === 'number' ? [value, value] : value;
      const fits =
        Array.isArray(sides) &&
        sides.length === 2 &&
        sides.every((side) => Number.isInteger(side) && side >= spec.minimum);
      return fits
        ? { value: [...(sides as number[])] }
        : refuse(
            value,
            `a whole number of pixels, or [height, width], of at least ${spec.minimum}`,
          );
    }
  }
}

function refuse(value: unknown, hint: string): CheckedOption {
  return { message: `${JSON.stringify(value) ?? String(value)} is not allowed`, hint };
}
