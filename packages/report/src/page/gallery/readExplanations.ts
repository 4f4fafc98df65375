import { join } from 'node:path';
import { type ExplanationIndex, EXPLANATIONS, type Fault, throwFaults } from '@nonlocal-med/core';
import { readPart } from '../../run/readPart.js';
import { explanationSchema } from './explanationSchema.js';

/** A run's explained images and where their files are. */
export interface Explanations {
  readonly folder: string;
  readonly index: ExplanationIndex;
}

/**
 * The explanations in a run's folder, or null where it has none.
 * @throws InputError that lists every fault of their index.
 */
export async function readExplanations(run: string): Promise<Explanations | null> {
  const folder = join(run, EXPLANATIONS.folder);
  const faults: Fault[] = [];
  const index = await readPart(
    join(folder, EXPLANATIONS.index),
    { parse: JSON.parse, schema: explanationSchema },
    faults,
  );
  throwFaults(faults);
  return index === null ? null : { folder, index };
}
