import { isHiddenPath } from './hiddenPaths.js';
import { mergeOptions, type RawOptions, setOption } from './mergeOptions.js';

/** Options with a path relative to the user's folder. Paths inside a data set are relative to the data set. */
const PATHS = [
  'data.path',
  'data.cacheFolder',
  ...['', '.training', '.validation', '.test'].map((set) => `data.splitFile${set}`),
  'model.weights',
  'loader.cacheFolder',
];

/**
 * Resolves the paths in options that a user gave.
 * @param resolvePath makes a path absolute, relative to the user's folder
 */
export function resolveOptionPaths(
  options: RawOptions,
  resolvePath: (path: string) => string,
): RawOptions {
  const resolved = PATHS.map((path): RawOptions => {
    const value = path
      .split('.')
      .reduce<unknown>((inner, key) => (inner as RawOptions | null | undefined)?.[key], options);
    return typeof value === 'string' && value !== 'imagenet' && !isHiddenPath(value)
      ? setOption(path, resolvePath(value))
      : {};
  });
  return mergeOptions(options, ...resolved);
}
