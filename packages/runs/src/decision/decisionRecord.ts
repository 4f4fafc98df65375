import { join } from 'node:path';
import { throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { readCheckedFile } from '../readCheckedFile.js';
import { runFiles } from '../run/runFiles.js';
import { type DecisionRecord, decisionRecordSchema } from './decisionSchema.js';

/**
 * The decision in the folder of a run or of an exported model.
 * @returns null if the folder has none: it is of an earlier version, or the run had no validation set
 * @throws InputError when the file is damaged.
 */
export async function readDecision(folder: string): Promise<DecisionRecord | null> {
  const issues: Parameters<typeof throwIssues>[0][number][] = [];
  const format = { parse: JSON.parse, schema: decisionRecordSchema };
  const record = await readCheckedFile(join(folder, runFiles.decision), format, issues);
  throwIssues(issues);
  return record;
}

/** Writes `decision.json` into the folder of a run or of an exported model. */
export function writeDecision(folder: string, record: DecisionRecord): Promise<void> {
  return writeAtomic(join(folder, runFiles.decision), `${JSON.stringify(record, null, 2)}\n`);
}
