import type { RawOptions } from './mergeOptions.js';

/** Options with one value at a dotted path, e.g. `training.learningRate`. */
export function setOption(path: string, value: unknown): RawOptions {
  return path
    .split('.')
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as RawOptions;
}
