import { mergeOptions, type RawOptions, setOption } from './mergeOptions.js';

/** Options with a path relative to the user's folder. Paths inside a data set are relative to the data set. */
export const optionPaths: readonly string[] = [
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
  const resolved = optionPaths.map((path): RawOptions => {
    const value = path
      .split('.')
      .reduce<unknown>((inner, key) => (inner as RawOptions | null | undefined)?.[key], options);
    return typeof value === 'string' && value !== 'imagenet' && !value.startsWith('hidden:')
      ? setOption(path, resolvePath(value))
      : {};
  });
  return mergeOptions(options, ...resolved);
}
