import { type Fault, suggestName, throwFaults } from '@nonlocal-med/core';
import { checkOption } from './checkOption.js';
import type { ResolvedModelOptions } from './modelOptions.js';
import type { OptionSpecs } from './optionSpec.js';

/**
 * Options with their defaults filled in.
 * @throws InputError with all faults: unknown options, missing ones, values out of range
 */
export function resolveOptions(
  specs: OptionSpecs,
  given: object,
  where: string,
): ResolvedModelOptions {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined) as [
    string,
    unknown,
  ][];
  const faults: Fault[] = [];
  const resolved: Record<string, unknown> = {};
  for (const [name] of entries) {
    if (!(name in specs)) faults.push(unknownOption(name, specs, where));
  }
  for (const [name, spec] of Object.entries(specs)) {
    const value = entries.find(([key]) => key === name)?.[1];
    if (value === undefined) {
      if (spec.default !== undefined) resolved[name] = spec.default;
      else if (spec.kind !== 'size')
        faults.push({ where: `${where}.${name}`, what: `missing: ${spec.description}` });
      continue;
    }
    const checked = checkOption(spec, value);
    if ('value' in checked) resolved[name] = checked.value;
    else faults.push({ where: `${where}.${name}`, ...checked });
  }
  throwFaults([...faults, ...contradictions(resolved, where)]);
  return resolved as unknown as ResolvedModelOptions;
}

function unknownOption(name: string, specs: OptionSpecs, where: string): Fault {
  const near = suggestName(name, Object.keys(specs));
  return {
    where: `${where}.${name}`,
    what: 'unknown option',
    allowed: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${Object.keys(specs).join(', ')}`,
  };
}

/** Values that are allowed alone and not together. */
function contradictions(
  { head, inputSize, mode, pairwise, scale, ccnet }: Partial<ResolvedModelOptions>,
  where: string,
): Fault[] {
  const faults: Fault[] = [];
  if (head === 'flatten' && inputSize === undefined)
    faults.push({
      where: `${where}.head`,
      what: '"flatten" needs a fixed size',
      allowed: 'give inputSize, or head "gap"',
    });
  if ((mode === 'concat' || pairwise === 'concat') && scale !== undefined && scale !== 1)
    faults.push({
      where: `${where}.scale`,
      what: `"${scale}" has no meaning with concatenation`,
      allowed: '1',
    });
  if (head === 'flatten' && ccnet === 'head')
    faults.push({
      where: `${where}.head`,
      what: '"flatten" has no meaning with the head of CCNet',
      allowed: 'ccnet "inline", or head "gap"',
    });
  return faults;
}
