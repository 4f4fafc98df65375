import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The tfjs that Node's `require` and `import` share; loaded at the first call, since that takes a fifth of a second. */
export function tfjs(): typeof import('@tensorflow/tfjs') {
  return require('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
}
