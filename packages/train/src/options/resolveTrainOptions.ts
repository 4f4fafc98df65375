import { parseOptions } from '@nonlocal-med/core';
import {
  type TrainOptions,
  type TrainOptionsInput,
  trainOptionsSchema,
} from './trainOptionsSchema.js';

/**
 * Options with their defaults.
 * @throws InputError with every issue: option, value, what is allowed.
 */
export function resolveTrainOptions(input: TrainOptionsInput): TrainOptions {
  return parseOptions(trainOptionsSchema, input);
}
