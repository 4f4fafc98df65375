import { InputError } from '@nonlocal-med/core';
import {
  type TrainOptions,
  type TrainOptionsInput,
  trainOptionsSchema,
} from './trainOptionsSchema.js';

/**
 * Options with their defaults.
 * @throws InputError with every fault: option, value, what is allowed.
 */
export function resolveTrainOptions(input: TrainOptionsInput): TrainOptions {
  const result = trainOptionsSchema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map((issue) => ({
      where: issue.path.map(String).join('.') || 'options',
      what: `got ${describeValue(input, issue.path)}`,
      allowed: issue.message,
    })),
  );
}

function describeValue(input: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
}
