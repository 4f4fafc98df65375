import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { modelFiles } from './modelFiles.js';
import type { SelfTest } from './selfTestSchema.js';

/** Writes `self-test.json` into the folder of an exported model. */
export function writeSelfTest(folder: string, selfTest: SelfTest): Promise<void> {
  return writeAtomic(join(folder, modelFiles.selfTest), `${JSON.stringify(selfTest)}\n`);
}
