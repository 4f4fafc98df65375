import { type Issue, suggestName, throwIssues } from '@nonlocal-med/core';
import { checkOption } from './checkOption.js';
import type { ResolvedModelOptions } from './modelOptions.js';
import type { OptionSpecs } from './optionSpec.js';

/**
 * Options with their defaults filled in.
 * @throws InputError with all issues: unknown options, missing ones, values out of range
 */
export function resolveOptions(
  specs: OptionSpecs,
  given: object,
  path: string,
): ResolvedModelOptions {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined) as [
    string,
    unknown,
  ][];
  const issues: Issue[] = [];
  const resolved: Record<string, unknown> = {};
  for (const [name] of entries) {
    if (!(name in specs)) issues.push(unknownOption(name, specs, path));
  }
  for (const [name, spec] of Object.entries(specs)) {
    const value = entries.find(([key]) => key === name)?.[1];
    if (value === undefined) {
      if (spec.default !== undefined) resolved[name] = spec.default;
      else if (spec.kind !== 'size')
        issues.push({ path: `${path}.${name}`, message: `missing: ${spec.description}` });
      continue;
    }
    const checked = checkOption(spec, value);
    if ('value' in checked) resolved[name] = checked.value;
    else issues.push({ path: `${path}.${name}`, ...checked });
  }
  throwIssues([...issues, ...contradictions(resolved, path)]);
  return resolved as unknown as ResolvedModelOptions;
}

function unknownOption(name: string, specs: OptionSpecs, path: string): Issue {
  const near = suggestName(name, Object.keys(specs));
  return {
    path: `${path}.${name}`,
    message: 'unknown option',
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${Object.keys(specs).join(', ')}`,
  };
}

/** Values that are allowed alone and not together. */
function contradictions(
  { head, inputSize, mode, pairwise, scale, ccnet }: Partial<ResolvedModelOptions>,
  path: string,
): Issue[] {
  const issues: Issue[] = [];
  if (head === 'flatten' && inputSize === undefined)
    issues.push({
      path: `${path}.head`,
      message: '"flatten" needs a fixed size',
      hint: 'give inputSize, or head "gap"',
    });
  if ((mode === 'concat' || pairwise === 'concat') && scale !== undefined && scale !== 1)
    issues.push({
      path: `${path}.scale`,
      message: `"${scale}" has no meaning with concatenation`,
      hint: '1',
    });
  if (head === 'flatten' && ccnet === 'head')
    issues.push({
      path: `${path}.head`,
      message: '"flatten" has no meaning with the head of CCNet',
      hint: 'ccnet "inline", or head "gap"',
    });
  return issues;
}
