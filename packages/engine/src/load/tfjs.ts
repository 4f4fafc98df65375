import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs';

const require = createRequire(import.meta.url);

/** The tfjs that Node's `require` and `import` share; loaded at the first call, since that takes a fifth of a second. */
export function tfjs(): typeof Tfjs {
  return require('@tensorflow/tfjs') as typeof Tfjs;
}
