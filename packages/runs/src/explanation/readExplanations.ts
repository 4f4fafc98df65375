import { join } from 'node:path';
import { type Issue, throwIssues } from '@nonlocal-med/core';
import { readPart } from '../record/readPart.js';
import { type ExplanationIndex, EXPLANATIONS } from './explanationIndex.js';
import { explanationSchema } from './explanationSchema.js';

/** A run's explained images and where their files are. */
export interface Explanations {
  readonly folder: string;
  readonly index: ExplanationIndex;
}

/**
 * The explanations in a run's folder, or null where it has none.
 * @throws InputError that lists every issue of their index.
 */
export async function readExplanations(run: string): Promise<Explanations | null> {
  const folder = join(run, EXPLANATIONS.folder);
  const issues: Issue[] = [];
  const index = await readPart(
    join(folder, EXPLANATIONS.index),
    { parse: JSON.parse, schema: explanationSchema },
    issues,
  );
  throwIssues(issues);
  return index === null ? null : { folder, index };
}
