import { type Fault, suggestName } from '@nonlocal-med/core';
import type { z } from 'zod';
import { allowedText } from './allowedText.js';

type Issue = z.core.$ZodIssue;

/**
 * Every issue of a failed parse as a fault that carries the option's path and the value that was given.
 * @param input what was parsed, to quote the offending values from.
 * @param keysAt the option names known at a path, for suggestions on unknown ones.
 */
export function zodFaults(
  { issues }: z.ZodError,
  input: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): Fault[] {
  return issues.flatMap((issue) => faultsOf(issue, input, keysAt));
}

function faultsOf(
  issue: Issue,
  input: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownOption(issue.path, key, keysAt(issue.path)));
  const value = issue.path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
  const branch = issue.code === 'invalid_union' ? intendedBranch(issue.errors, value) : undefined;
  if (branch !== undefined)
    return branch.flatMap((inner) =>
      faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, input, keysAt),
    );
  return [
    {
      where: issue.path.map(String).join('.') || 'configuration',
      what: value === undefined ? 'missing' : `got ${quote(value)}`,
      allowed: allowedText(issue),
    },
  ];
}

function unknownOption(path: readonly PropertyKey[], key: string, known: readonly string[]): Fault {
  const near = suggestName(key, known);
  return {
    where: [...path.map(String), key].join('.'),
    what: 'unknown option',
    allowed: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${known.join(', ')}`,
  };
}

/** Of a union with an object in it, an object that was given means that one: its faults say more than "none of these". */
function intendedBranch(
  branches: readonly (readonly Issue[])[],
  value: unknown,
): readonly Issue[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return branches.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
}

const quote = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
