import { z } from 'zod';
import { parseChecked } from '../checkedText.js';
import type { Immutable } from '../schemaParts.js';

const side = z.int().min(1).max(4096);

const selfTestSchema = z.object({
  version: z.literal(1).describe('Version of this format.'),
  seed: z.int().min(0).describe('Seed of the pixels of the input.'),
  height: side.describe('Height of the input in pixels, before preprocessing.'),
  width: side.describe('Its width.'),
  backend: z.string().describe('TF.js backend that computed the output.'),
  logits: z.array(z.number()).min(1).describe('Output of the network, one per class or finding.'),
  probabilities: z.array(z.number()).min(1).describe('Their softmax or sigmoid.'),
});

/**
 * `self-test.json` in the folder of an exported model: pixels, given by a seed, and what the network gives for them after
 * preprocessing. Whoever applies the model elsewhere can compare.
 */
export type SelfTest = Immutable<z.output<typeof selfTestSchema>>;

/**
 * The content of a `self-test.json`.
 * @param path names the file in errors
 * @throws InputError with every issue
 */
export const parseSelfTest = (text: string, path: string): SelfTest =>
  parseChecked(text, { schema: selfTestSchema, path });
